package dev.runtimebridge.openapi;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * One route of a server and the annotated method that answers it.
 *
 * @param method HTTP method, {@code POST}
 * @param path as OpenAPI and Javalin write it, {@code /api/containers/{id}}
 * @param operationId name of the handler method, or the {@code operationId} of its
 *     {@code @Operation}
 * @param handlers the class that declares that method
 */
public record Route(String method, String path, String operationId, Class<?> handlers) {
    private static final Pattern PARAMETER = Pattern.compile("\\{([^{}]+)}");

    public Route {
        method = method.toUpperCase(Locale.ROOT);
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("path \"" + path + "\" does not start with /");
        }
    }

    /** The names in braces in the path. */
    Set<String> pathParameters() {
        var names = new TreeSet<String>();
        PARAMETER.matcher(path).results().forEach(found -> names.add(found.group(1)));
        return names;
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
