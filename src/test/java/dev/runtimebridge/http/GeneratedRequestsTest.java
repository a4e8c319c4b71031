package dev.runtimebridge.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.runtimebridge.launch.LaunchSettings;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Every route, asked anything, answers only what its documentation says. */
class GeneratedRequestsTest {
    private static TestApi api;
    private static String waitingId;
    private static String activeId;
    private static String key;
    private static List<Operation> operations;

    record Operation(String method, String path, JsonNode responses) {}

    record Request(
            Operation operation,
            String id,
            String query,
            String authorization,
            String apiKey,
            String extra,
            String mediaType,
            String body) {}

    @BeforeContainer
    static void start() throws Exception {
        api =
                new TestApi(
                        TestApi.settings(),
                        new LaunchSettings(Duration.ofMillis(5), 5, 50, Duration.ofMillis(100)));
        waitingId = api.claim("b", 1).value();
        var active = api.claim("a", 1);
        key = api.activate(active);
        activeId = active.value();
        operations = new ArrayList<>();
        TestApi.json(api.send(api.get("/openapi.json")))
                .get("paths")
                .properties()
                .forEach(
                        path ->
                                path.getValue()
                                        .properties()
                                        .forEach(
                                                operation ->
                                                        operations.add(
                                                                operation(
                                                                        path.getKey(),
                                                                        operation.getKey(),
                                                                        operation.getValue()))));
    }

    private static Operation operation(String path, String method, JsonNode documented) {
        return new Operation(method.toUpperCase(Locale.ROOT), path, documented.get("responses"));
    }

    @AfterContainer
    static void stop() {
        api.close();
    }

    @Property(tries = 600)
    void onlyDocumentedStatusesAreAnswered(@ForAll("requests") Request request) throws Exception {
        var answer = send(request);

        var documented = request.operation.responses.get(String.valueOf(answer.statusCode()));
        assertThat(documented).as("%s answered %d", request, answer.statusCode()).isNotNull();
        assertThat(answer.statusCode()).isNotEqualTo(500);
        if (answer.statusCode() >= 400) {
            assertThat(answer.headers().firstValue("Content-Type"))
                    .contains("application/problem+json");
        }
        documented
                .path("headers")
                .fieldNames()
                .forEachRemaining(
                        header -> {
                            if (!header.equals("Preference-Applied")) {
                                assertThat(answer.headers().firstValue(header)).isPresent();
                            }
                        });
        answer.body().close();
    }

    @Provide
    Arbitrary<Request> requests() {
        var text = Arbitraries.strings().ofMaxLength(40);
        var printable = Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(30);
        var id =
                Arbitraries.oneOf(
                        Arbitraries.of(waitingId, activeId, "mfrggzdfmztwq2lknnwg23tpob", "1", "9"),
                        Arbitraries.strings()
                                .withCharRange('a', 'z')
                                .ofMinLength(1)
                                .ofMaxLength(30));
        var query =
                Arbitraries.of("", "?ended=3", "?ended=x", "?follow=false", "?follow=x", "?a=%20");
        var authorization =
                Arbitraries.oneOf(
                        Arbitraries.of(
                                "Bearer user:a",
                                "Bearer user:b",
                                "Bearer user:admin",
                                "Bearer forged"),
                        printable);
        var apiKey = Arbitraries.oneOf(Arbitraries.just(key), printable);
        var extra =
                Arbitraries.oneOf(
                        Arbitraries.of(
                                "respond-async",
                                "wait=0",
                                "wait=1, respond-async",
                                "7",
                                "*",
                                "\"0\""),
                        printable);
        var mediaType = Arbitraries.of("application/json", "text/plain", "application/json;a=b");
        var body =
                Arbitraries.oneOf(
                        Arbitraries.of(
                                "{\"image_id\": 1}",
                                "{\"image_id\": 2}",
                                "{\"image_id\": 9}",
                                "{\"container\": \"x\"}",
                                "{\"token\": \"user:a\"}",
                                "{\"token\": \"forged\"}",
                                "{\"memory_mib\": 1024}",
                                "{\"name\": \"Shell\", \"language\": \"shell\"}",
                                "{\"name\": \"X\", \"language\": \"x\", \"local_command\": \"x\","
                                        + " \"cpu_millis\": 250, \"memory_mib\": 512}"),
                        Arbitraries.integers().map(number -> "{\"image_id\": " + number + "}"),
                        text.map(value -> "{\"slot\": \"" + value + "\", \"image_id\": 1}"),
                        text);
        return Combinators.combine(
                        Arbitraries.of(operations),
                        id,
                        query,
                        authorization,
                        apiKey,
                        extra,
                        mediaType,
                        body)
                .as(Request::new);
    }

    private static HttpResponse<InputStream> send(Request request) throws Exception {
        var path = request.operation.path.replaceAll("\\{\\w+}", request.id) + request.query;
        var builder =
                api.get(path)
                        .timeout(Duration.ofSeconds(20))
                        .header("Authorization", request.authorization)
                        .header("X-API-KEY", request.apiKey)
                        .header("Prefer", request.extra)
                        .header("Last-Event-ID", request.extra)
                        .header("If-Match", request.extra)
                        .header("Content-Type", request.mediaType);
        var method = request.operation.method;
        boolean hasBody = method.equals("POST") || method.equals("PATCH");
        builder.method(
                method, hasBody ? BodyPublishers.ofString(request.body) : BodyPublishers.noBody());
        return api.client().send(builder.build(), BodyHandlers.ofInputStream());
    }
}
