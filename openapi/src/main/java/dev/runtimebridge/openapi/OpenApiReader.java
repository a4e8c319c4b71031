package dev.runtimebridge.openapi;

import com.fasterxml.jackson.core.JsonProcessingException;

import io.swagger.v3.core.util.Json31;
import io.swagger.v3.core.util.Yaml31;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.SpecVersion;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.security.SecurityScheme;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Turns a server's routes and the swagger annotations of their handler methods into an OpenAPI 3.1
 * document. What has no {@code @Operation} is refused, so that no route goes undocumented.
 *
 * <pre>{@code
 * record Pong(@Schema(description = "always pong", example = "pong") String ping) {}
 *
 * final class PingHandler {
 *     @Operation(summary = "Is the bridge there?", tags = "health")
 *     @ApiResponse(responseCode = "200", description = "yes",
 *             content = @Content(mediaType = "application/json", schema = @Schema(implementation = Pong.class)))
 *     void ping(Context ctx) { ctx.json(new Pong("pong")); }
 * }
 *
 * var reader = new OpenApiReader(new Info().title("Runtime-Bridge").version("1"),
 *         Map.of("token", new SecurityScheme().type(SecurityScheme.Type.HTTP).scheme("bearer")),
 *         new Errors("application/problem+json", Problem.class, Map.of("500", "a fault"), Map.of()));
 * var document = reader.read(List.of(new Route("GET", "/ping", "ping", PingHandler.class)));
 * Files.writeString(path, OpenApiReader.yaml(document));
 * }</pre>
 *
 * <p>Read from a handler method: {@code @Operation} with all it holds, {@code @ApiResponse},
 * {@code @Parameter}, {@code @RequestBody} and {@code @SecurityRequirement} (also repeated), and
 * {@code @Tag} of the method or its class.
 */
public final class OpenApiReader {
    private final Info info;
    private final Map<String, SecurityScheme> securitySchemes;
    private final Errors errors;

    /**
     * A reader for one server.
     *
     * @param securitySchemes by the name that {@code @SecurityRequirement} uses
     */
    public OpenApiReader(Info info, Map<String, SecurityScheme> securitySchemes, Errors errors) {
        this.info = info;
        this.securitySchemes = new TreeMap<>(securitySchemes);
        this.errors = errors;
    }

    /**
     * Reads the routes, in the order given; schemas are sorted by name, so equal code gives equal
     * text.
     *
     * @throws IllegalArgumentException when a route has no handler method with {@code @Operation},
     *     when its path's parameters are not the documented ones, or when it is there twice
     */
    public OpenAPI read(List<Route> routes) {
        var components = new Components();
        securitySchemes.forEach(components::addSecuritySchemes);
        var operations = new OperationReader(components);
        var paths = new Paths();
        for (var route : routes) {
            var item = paths.computeIfAbsent(route.path(), path -> new PathItem());
            var method = HttpMethod.valueOf(route.method());
            if (item.readOperationsMap().containsKey(method)) {
                throw new IllegalArgumentException(route + " is there twice");
            }
            var operation = operations.read(route);
            errors.complete(operation, components);
            item.operation(method, operation);
        }
        if (components.getSchemas() != null) {
            @SuppressWarnings("rawtypes") // the type that swagger's model has
            Map<String, Schema> sorted = new TreeMap<>(components.getSchemas());
            components.setSchemas(sorted);
        }
        return new OpenAPI(SpecVersion.V31)
                .openapi("3.1.0")
                .info(info)
                .paths(paths)
                .components(components);
    }

    /** The document as YAML, ending in a line break. */
    public static String yaml(OpenAPI document) {
        try {
            return Yaml31.mapper().writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "the document cannot be written as YAML: " + e.getMessage(), e);
        }
    }

    /** The document as JSON on one line. */
    public static String json(OpenAPI document) {
        try {
            return Json31.mapper().writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "the document cannot be written as JSON: " + e.getMessage(), e);
        }
    }
}
