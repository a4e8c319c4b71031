package dev.runtimebridge.http;

import dev.runtimebridge.http.wire.Problem;
import dev.runtimebridge.openapi.OpenApiReader;

import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityScheme;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The OpenAPI document: what the handlers' annotations say, and what is true of every route, so
 * that no annotation has to repeat it.
 */
final class ApiDocument {
    private static final Set<String> WITH_RETRY = Set.of("429", "503", "504");

    private ApiDocument() {}

    static OpenAPI of(List<ApiRoute> routes) {
        var info =
                new Info()
                        .title("Runtime-Bridge")
                        .version("1")
                        .description(
                                "Gives every user of a web IDE a container of their own. Users"
                                        + " authenticate with a JWT, agents with the API key that"
                                        + " the bridge gave them. Every error is a Problem.");
        var reader =
                new OpenApiReader(
                        info,
                        Map.of(
                                "token",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .bearerFormat("JWT")
                                        .description("a user's token"),
                                "agent",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.APIKEY)
                                        .in(SecurityScheme.In.HEADER)
                                        .name("X-API-KEY")
                                        .description("an agent's key")));
        var document = reader.read(routes.stream().map(ApiRoute::documented).toList());
        ModelConverters.getInstance(true)
                .read(Problem.class)
                .forEach((name, schema) -> document.getComponents().addSchemas(name, schema));
        document.getComponents().setSchemas(new TreeMap<>(document.getComponents().getSchemas()));
        document.getPaths()
                .values()
                .forEach(path -> path.readOperations().forEach(ApiDocument::complete));
        return document;
    }

    private static void complete(Operation operation) {
        var responses = operation.getResponses();
        if (operation.getRequestBody() != null) {
            responses.addApiResponse("408", described("the body came too slowly"));
            responses.addApiResponse("415", described("the body is not JSON in UTF-8"));
        }
        responses.addApiResponse("413", described("the body is larger than 1 MB"));
        responses.addApiResponse("431", described("the headers are too large"));
        responses.addApiResponse("500", described("a fault of the bridge"));
        if (!responses.containsKey("503")) {
            responses.addApiResponse("503", described("a dependency is down, or the bridge stops"));
        }
        if (!responses.containsKey("400")) {
            responses.addApiResponse("400", described("the request is malformed"));
        }
        responses.forEach(ApiDocument::complete);
        var sorted = new TreeMap<>(responses);
        responses.clear();
        responses.putAll(sorted);
    }

    private static void complete(String status, ApiResponse response) {
        if (status.compareTo("400") < 0) {
            return;
        }
        response.setContent(
                new Content()
                        .addMediaType(
                                Problems.MEDIA_TYPE,
                                new MediaType()
                                        .schema(
                                                new Schema<>()
                                                        .$ref("#/components/schemas/Problem"))));
        if (WITH_RETRY.contains(status)) {
            response.addHeaderObject(
                    "Retry-After",
                    new Header().description("seconds").schema(new IntegerSchema().format(null)));
        }
        if (status.equals("401")) {
            response.addHeaderObject(
                    "WWW-Authenticate",
                    new Header().description("how to authenticate").schema(new StringSchema()));
        }
    }

    private static ApiResponse described(String text) {
        return new ApiResponse().description(text);
    }
}
