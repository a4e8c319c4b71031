package dev.runtimebridge.openapi;

import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;

import java.util.Map;
import java.util.TreeMap;

/**
 * What all errors of a server have in common, so that no annotation repeats it.
 *
 * @param mediaType of their bodies
 * @param body what those hold
 * @param ofAll errors that every operation may answer, status to description; one that an operation
 *     documents itself stays as it is
 * @param ofBodies the same for operations that take a body
 */
public record Errors(
        String mediaType, Class<?> body, Map<String, String> ofAll, Map<String, String> ofBodies) {
    private static final String FIRST = "400";

    public Errors {
        ofAll = Map.copyOf(ofAll);
        ofBodies = Map.copyOf(ofBodies);
    }

    /** Adds to an operation what goes without saying; its schema goes to the components. */
    void complete(Operation operation, Components components) {
        var resolved =
                ModelConverters.getInstance(true)
                        .resolveAsResolvedSchema(new AnnotatedType(body).resolveAsRef(true));
        resolved.referencedSchemas.forEach(components::addSchemas);
        var content =
                new Content().addMediaType(mediaType, new MediaType().schema(resolved.schema));
        var responses = new TreeMap<>(operation.getResponses());
        ofAll.forEach((status, why) -> responses.putIfAbsent(status, described(why)));
        if (operation.getRequestBody() != null) {
            ofBodies.forEach((status, why) -> responses.putIfAbsent(status, described(why)));
        }
        responses.tailMap(FIRST).values().stream()
                .filter(response -> response.getContent() == null)
                .forEach(response -> response.setContent(content));
        var all = new ApiResponses();
        all.putAll(responses);
        operation.responses(all);
    }

    private static ApiResponse described(String text) {
        return new ApiResponse().description(text);
    }
}
