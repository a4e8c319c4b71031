package dev.runtimeagent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.runtimeagent.bridge.Bridge;
import dev.runtimeagent.bridge.HttpBridge;
import dev.runtimeagent.config.AgentSettings;
import dev.runtimeagent.http.Problem;
import dev.runtimeagent.http.Routes;
import dev.runtimeagent.init.BridgeProof;
import dev.runtimeagent.init.IdentityFile;
import dev.runtimeagent.init.Initialisation;
import dev.runtimeagent.outbound.BoundedHttp;
import dev.runtimeagent.run.ProjectSource;
import dev.runtimebridge.openapi.Errors;
import dev.runtimebridge.openapi.OpenApiReader;
import dev.runtimebridge.openapi.Route;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.security.SecurityScheme;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Holds {@code openapi/agent.yaml} to the code, and the code to it. */
class OpenApiTest {
    private static final Path COMMITTED = Path.of("..", "openapi", "agent.yaml");

    private static Path folder;
    private static FakeBridge bridge;
    private static RunningAgent agent;
    private static JsonNode document;

    @BeforeContainer
    static void start() throws IOException, InterruptedException {
        folder = Files.createTempDirectory("agent-openapi");
        bridge = new FakeBridge();
        bridge.know("owners", "7", true);
        bridge.know("strangers", "8", false);
        bridge.answer("/source/1", 200, "{\"main.py\": \"print(1)\"}");
        bridge.answer("/source/2", 200, "{\"../evil\": \"\"}");
        bridge.answer("/source/3", 500, "");
        var environment = bridge.environment(folder);
        environment.put("AGENT_SOURCE_URL", bridge.url() + "/source/{course_id}");
        document =
                new ObjectMapper()
                        .readTree(OpenApiReader.json(read(AgentSettings.from(environment))));
        agent = new RunningAgent(environment);
        agent.init(bridge.proof(), FakeBridge.API_KEY);
    }

    @AfterContainer
    static void close() throws IOException {
        agent.close();
        bridge.close();
        try (var files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(OpenApiTest::delete);
        }
    }

    @Example
    void theCommittedDocumentIsTheCodes() throws IOException {
        var yaml = OpenApiReader.yaml(read(AgentSettings.from(bridge.environment(folder))));
        if (Boolean.getBoolean("openapi.write")) {
            Files.writeString(COMMITTED, yaml);
        }
        assertThat(COMMITTED)
                .as(
                        "openapi/agent.yaml differs from the code: run this test with"
                                + " -Dopenapi.write=true and commit it")
                .hasContent(yaml);
    }

    @Property(tries = 400, shrinking = ShrinkingMode.BOUNDED)
    void everyAnswerIsADocumentedOne(@ForAll("requests") Request request) throws Exception {
        var http = agent.request(request.path());
        request.headers().forEach(http::header);
        http.method(request.method(), BodyPublishers.ofString(request.body()));
        var answer = agent.send(http);

        var operation =
                document.at("/paths")
                        .path(request.path())
                        .path(request.method().toLowerCase(Locale.ROOT));
        var documented = operation.path("responses").path(String.valueOf(answer.statusCode()));
        assertThat(documented.isMissingNode())
                .as(answer.statusCode() + " " + answer.body())
                .isFalse();
        var type = documented.path("content").fieldNames().next();
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith(type);
        var schema =
                documented.at("/content").path(type).at("/schema/$ref").asText().replace("#", "");
        assertThat(RunningAgent.json(answer).fieldNames())
                .toIterable()
                .containsExactlyInAnyOrderElementsOf(
                        () -> document.at(schema).path("properties").fieldNames());
    }

    record Request(String method, String path, Map<String, String> headers, String body) {}

    @Provide
    Arbitrary<Request> requests() {
        var routes = Arbitraries.of(List.of("GET /ping", "POST /init", "POST /run/start"));
        var types =
                Arbitraries.frequencyOf(
                        Tuple.of(8, Arbitraries.just("application/json")),
                        Tuple.of(
                                1,
                                Arbitraries.of(
                                        "text/plain", "application/json; charset=utf-8", "x")));
        var proofs = Arbitraries.of("good", "good", "a.b.c", "");
        var tokens =
                Arbitraries.of(
                        "Bearer owners",
                        "Bearer owners",
                        "Bearer strangers",
                        "Bearer forged",
                        "Basic x",
                        "");
        return Combinators.combine(routes, types, proofs, tokens, bodies())
                .as(
                        (route, type, proof, token, body) -> {
                            var parts = route.split(" ");
                            var headers = new HashMap<String, String>();
                            headers.put("Content-Type", type);
                            if (!proof.isEmpty()) {
                                headers.put(
                                        "X-Bridge-Proof",
                                        proof.equals("good") ? bridge.proof() : proof);
                            }
                            if (!token.isEmpty()) {
                                headers.put("Authorization", token);
                            }
                            return new Request(parts[0], parts[1], headers, body);
                        });
    }

    private static Arbitrary<String> bodies() {
        var values =
                Arbitraries.oneOf(
                        Arbitraries.of(
                                "1", "2", "3", "\"1\"", "0", "-1", "1e99", "null", "[]", "{}",
                                "1.5", "\"\""),
                        Arbitraries.strings().alpha().ofMaxLength(8).map(text -> '"' + text + '"'));
        var objects =
                Arbitraries.maps(Arbitraries.of("course_id", "lesson_id", "api_key", "x"), values)
                        .ofMaxSize(4)
                        .map(
                                fields ->
                                        fields.entrySet().stream()
                                                .map(
                                                        field ->
                                                                '"'
                                                                        + field.getKey()
                                                                        + "\": "
                                                                        + field.getValue())
                                                .collect(Collectors.joining(", ", "{", "}")));
        var known =
                Arbitraries.of(
                        "{\"api_key\": \"" + FakeBridge.API_KEY + "\"}", "{\"course_id\": 1}");
        return Arbitraries.oneOf(
                objects,
                known,
                Arbitraries.strings().ofMaxLength(50),
                Arbitraries.just("x".repeat(70_000)));
    }

    private static OpenAPI read(AgentSettings settings) throws IOException {
        var http = new BoundedHttp(settings.address(), "http");
        Bridge asked = new HttpBridge(settings, Optional::empty, http);
        Files.createDirectories(settings.state());
        var routes =
                new Routes(
                        settings,
                        new BridgeProof(
                                settings.bridgeKey(), settings.container(), Clock.systemUTC()),
                        Initialisation.resume(
                                new IdentityFile(settings.state()),
                                settings.user(),
                                new SecureRandom()),
                        new RunningAgent.SilentSshServer(),
                        asked,
                        new ProjectSource(http));
        var reader =
                new OpenApiReader(
                        new Info()
                                .title("Runtime agent")
                                .version("1")
                                .description(
                                        "The server inside a container; its Socket.IO terminal is"
                                                + " not HTTP."),
                        Map.of(
                                "token",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .bearerFormat("JWT")),
                        new Errors(
                                Problem.MEDIA_TYPE,
                                Problem.class,
                                Map.of(),
                                Map.of(
                                        "408", "The body took too long",
                                        "413", "The body is too large",
                                        "415", "The body is not sent as JSON")));
        return reader.read(
                routes.all().stream()
                        .map(
                                route ->
                                        new Route(
                                                route.method(),
                                                route.path(),
                                                route.operationId(),
                                                route.handlers()))
                        .toList());
    }

    private static void delete(Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
