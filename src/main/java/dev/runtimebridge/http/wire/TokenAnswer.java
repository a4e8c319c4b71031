package dev.runtimebridge.http.wire;

import dev.runtimebridge.auth.Caller;

import io.swagger.v3.oas.annotations.media.Schema;

import org.jspecify.annotations.Nullable;

import java.util.regex.Pattern;

/** A token that verifies, as version 1 told it. */
public record TokenAnswer(
        @Schema(
                        description = "a number where the user's id is one, else a string",
                        types = {"integer", "string"},
                        example = "1",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                Object userId,
        @Schema(
                        types = {"string", "null"},
                        example = "a@b.c",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                @Nullable String email,
        @Schema(
                        types = {"string", "null"},
                        example = "2022-04-06T09:57:03.000+00:00",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                @Nullable String issuedAt,
        @Schema(
                        example = "2022-04-06T10:57:03.000+00:00",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                String expiredAt,
        @Schema(
                        description = "always true: a token that does not verify is answered 401",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                boolean valid) {
    /** What JavaScript and every JSON reader can hold exactly, written as numbers are. */
    private static final Pattern NUMERIC = Pattern.compile("0|[1-9][0-9]{0,14}");

    /** Of whom the token speaks. */
    public static TokenAnswer of(Caller caller) {
        var user = caller.user().value();
        return new TokenAnswer(
                NUMERIC.matcher(user).matches() ? (Object) Long.valueOf(user) : user,
                caller.email().orElse(null),
                caller.issuedAt().map(Times::version1).orElse(null),
                Times.version1(caller.expiresAt()),
                true);
    }
}
