package dev.runtimebridge.http;

import dev.runtimebridge.http.wire.Problem;
import dev.runtimebridge.openapi.Errors;
import dev.runtimebridge.openapi.OpenApiReader;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityScheme;

import java.util.List;
import java.util.Map;
import java.util.Set;

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
                                        .description("an agent's key")),
                        errors());
        var document = reader.read(routes.stream().map(ApiRoute::documented).toList());
        document.getPaths()
                .values()
                .forEach(
                        path ->
                                path.readOperations()
                                        .forEach(
                                                operation ->
                                                        operation
                                                                .getResponses()
                                                                .forEach(ApiDocument::headers)));
        return document;
    }

    private static Errors errors() {
        return new Errors(
                Problems.MEDIA_TYPE,
                Problem.class,
                Map.of(
                        "400", "the request is malformed",
                        "413", "the body is larger than 1 MB",
                        "431", "the headers are too large",
                        "500", "a fault of the bridge",
                        "503", "a dependency is down, or the bridge stops"),
                Map.of(
                        "408", "the body came too slowly",
                        "415", "the body is not JSON in UTF-8"));
    }

    private static void headers(String status, ApiResponse response) {
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
}
