package dev.runtimeagent.config;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where {@code /run/start} fetches a project's files from: an address with {@code {field}} in its
 * path or query wherever a field of the request's body belongs, {@code
 * https://ide.example.org/api/{course_id}/{lesson_id}}.
 */
public record SourceTemplate(String template) {
    private static final Pattern FIELD = Pattern.compile("\\{([A-Za-z_][A-Za-z0-9_]*)}");

    public SourceTemplate {
        var filled = URI.create(FIELD.matcher(template).replaceAll("0"));
        var web = "http".equals(filled.getScheme()) || "https".equals(filled.getScheme());
        if (!web
                || filled.getHost() == null
                || filled.getRawUserInfo() != null
                || filled.getRawFragment() != null) {
            throw new IllegalArgumentException("not an http:// or https:// address");
        }
        var host = template.indexOf("://") + "://".length();
        var path = template.indexOf('/', host);
        if (template.substring(0, path < 0 ? template.length() : path).contains("{")) {
            throw new IllegalArgumentException("a field outside the path");
        }
    }

    /** The fields that it names. */
    public List<String> fields() {
        return FIELD.matcher(template)
                .results()
                .map((MatchResult found) -> found.group(1))
                .distinct()
                .toList();
    }

    /**
     * The address for these values, each encoded.
     *
     * @throws IllegalArgumentException when a value is missing
     */
    public URI fill(Map<String, String> values) {
        return URI.create(
                FIELD.matcher(template)
                        .replaceAll(
                                found -> {
                                    var value = values.get(found.group(1));
                                    if (value == null) {
                                        throw new IllegalArgumentException(
                                                found.group(1) + " is missing");
                                    }
                                    var encoded =
                                            URLEncoder.encode(value, StandardCharsets.UTF_8)
                                                    .replace("+", "%20");
                                    return Matcher.quoteReplacement(encoded);
                                }));
    }
}
