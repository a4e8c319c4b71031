package dev.runtimebridge.http;

import io.javalin.http.Context;

import java.util.OptionalLong;
import java.util.regex.Pattern;

/** The condition that a change is made under (RFC 9110, 13.1.1), over versions as entity tags. */
final class IfMatch {
    private static final Pattern TAG = Pattern.compile("\"(0|[1-9][0-9]{0,17})\"");
    private static final long NEVER = -1;

    private IfMatch() {}

    /** A version as an entity tag. */
    static String tag(long version) {
        return "\"" + version + "\"";
    }

    /**
     * The version that the caller saw, any where {@code *} stands. A tag that is none of ours, weak
     * ones and lists included, names a version that never was.
     *
     * @throws ProblemException when the header is missing
     */
    static OptionalLong of(Context ctx) {
        var header = ctx.header("If-Match");
        if (header == null) {
            throw new ProblemException(
                    ProblemKind.CONDITION_MISSING,
                    "send If-Match with the ETag of what you saw, or * to change it in any case");
        }
        if (header.strip().equals("*")) {
            return OptionalLong.empty();
        }
        var tag = TAG.matcher(header.strip());
        return OptionalLong.of(tag.matches() ? Long.parseLong(tag.group(1)) : NEVER);
    }
}
