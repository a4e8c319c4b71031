package dev.runtimeagent;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

class RunTest {
    private static final String IDS =
            "{\"course_id\": 1, \"lesson_id\": \"2\", \"target_ptc_id\": 3}";

    @TempDir Path folder;

    private final FakeBridge bridge = new FakeBridge();
    private RunningAgent agent;
    private Path workspace;

    @BeforeEach
    void start() throws Exception {
        var environment = bridge.environment(folder);
        environment.put(
                "AGENT_SOURCE_URL",
                bridge.url() + "/source/{course_id}/{lesson_id}/{target_ptc_id}");
        agent = new RunningAgent(environment);
        agent.init(bridge.proof(), FakeBridge.API_KEY);
        bridge.nextCall(); // the call home
        bridge.know("owners", "7", true);
        bridge.know("strangers", "8", false);
        workspace = folder.resolve("home/workspace");
    }

    @AfterEach
    void close() {
        agent.close();
        bridge.close();
    }

    @Test
    void theOwnersProjectIsInTheWorkspace() throws Exception {
        bridge.answer("/source", 200, "{\"main.py\": \"print(1)\", \"lib/a.py\": \"\"}");

        var answer = run("Bearer owners", IDS);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"files\":2}");
        assertThat(workspace.resolve("main.py")).hasContent("print(1)");
        assertThat(workspace.resolve("lib/a.py")).isEmptyFile();
    }

    @Test
    void theSourceIsAskedInTheCallersName() throws Exception {
        bridge.answer("/source", 200, "{}");
        run("Bearer owners", IDS);

        assertThat(bridge.nextCall().path()).isEqualTo("/api/containers/authorize");
        var call = bridge.nextCall();
        assertThat(call.path()).isEqualTo("/source/1/2/3");
        assertThat(call.headers().get("Authorization")).isEqualTo("Bearer owners");
        assertThat(call.body()).isEqualTo(IDS);
    }

    @Test
    void nobodyElseMayStartARun() throws Exception {
        bridge.answer("/source", 200, "{\"main.py\": \"print(1)\"}");
        assertProblem(run("Bearer strangers", IDS), 403);
        assertProblem(run("Bearer forged", IDS), 401);
        assertProblem(run("Basic b3duZXJz", IDS), 401);
        assertProblem(agent.post("/run/start", IDS), 401);
        assertThat(workspace).isEmptyDirectory();
    }

    @Test
    void aBridgeThatCannotBeAskedMeansLater() throws Exception {
        bridge.answer("/api/containers/authorize", 500, "");
        var answer = run("Bearer owners", IDS);
        assertProblem(answer, 503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void idsThatAreNoIdsAreRefused() throws Exception {
        for (var id :
                List.of(
                        "null",
                        "-1",
                        "1.5",
                        "1e99",
                        "\"\"",
                        "\"a\"",
                        "\"../1\"",
                        "\"1/2\"",
                        "true",
                        "[]",
                        "\"-1\"")) {
            assertProblem(
                    run(
                            "Bearer owners",
                            "{\"course_id\": " + id + ", \"lesson_id\": 2, \"target_ptc_id\": 3}"),
                    400);
        }
        assertProblem(run("Bearer owners", "{\"course_id\": 1}"), 400);
        assertProblem(run("Bearer owners", "[1]"), 400);
    }

    @Test
    void aProjectThatLeavesTheWorkspaceIsRefusedWhole() throws Exception {
        for (var path :
                List.of(
                        "../evil",
                        "/tmp/evil",
                        "a/../../evil",
                        "a\\u0000b",
                        "",
                        "x".repeat(5_000))) {
            bridge.answer("/source", 200, "{\"good.py\": \"1\", \"" + path + "\": \"2\"}");
            assertProblem(run("Bearer owners", IDS), 502);
        }
        assertThat(workspace).isEmptyDirectory();
        assertThat(folder.resolve("home/evil")).doesNotExist();
    }

    @Test
    void aSymlinkInTheWorkspaceLeadsNowhere() throws Exception {
        var outside = Files.createDirectory(folder.resolve("outside"));
        Files.createSymbolicLink(workspace.resolve("lib"), outside);
        bridge.answer("/source", 200, "{\"lib/evil\": \"2\"}");
        assertProblem(run("Bearer owners", IDS), 502);
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void aSourceThatFailsIsSaidSo() throws Exception {
        for (var body :
                List.of(
                        "",
                        "<html>",
                        "[]",
                        "{\"a\": 1}",
                        "{\"a\": {\"b\": \"c\"}}",
                        "{\"a\": \"b\"} x")) {
            bridge.answer("/source", 200, body);
            assertProblem(run("Bearer owners", IDS), 502);
        }
        bridge.answer("/source", 500, "{}");
        assertProblem(run("Bearer owners", IDS), 502);
        bridge.answer("/source", 404, "{}");
        assertProblem(run("Bearer owners", IDS), 404);
        assertThat(workspace).isEmptyDirectory();
    }

    @Test
    void aRedirectOfTheSourceIsNotFollowed() throws Exception {
        var followed = new AtomicReference<String>();
        bridge.answer("/elsewhere", exchange -> followed.set(exchange.getRequestURI().getPath()));
        bridge.answer(
                "/source",
                exchange -> {
                    exchange.getResponseHeaders().set("Location", bridge.url() + "/elsewhere");
                    exchange.sendResponseHeaders(307, -1);
                });
        assertProblem(run("Bearer owners", IDS), 502);
        assertThat(followed.get()).isNull();
    }

    @Test
    void anEndlessProjectIsCutOff() throws Exception {
        bridge.answer("/source", RunTest::endless);
        assertProblem(run("Bearer owners", IDS), 502);
        assertThat(workspace).isEmptyDirectory();
    }

    @Test
    void withoutASourceThereIsNoRun() throws Exception {
        agent.close();
        agent = new RunningAgent(bridge, folder);
        assertProblem(run("Bearer owners", IDS), 503);
    }

    private static void endless(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        var body = exchange.getResponseBody();
        body.write("{\"a\": \"".getBytes(StandardCharsets.UTF_8));
        var chunk = "x".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 1_000; i++) {
            body.write(chunk);
        }
    }

    private HttpResponse<String> run(String authorization, String body) throws Exception {
        return agent.post("/run/start", body, "Authorization", authorization);
    }

    private static void assertProblem(HttpResponse<String> answer, int status) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(RunningAgent.json(answer).at("/error").asText()).isNotBlank();
    }
}
