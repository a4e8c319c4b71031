package dev.runtimeagent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;

class HttpTest {
    private static final int LIMIT = 64 * 1024;

    @TempDir Path folder;

    private final FakeBridge bridge = new FakeBridge();
    private RunningAgent agent;

    @BeforeEach
    void start() {
        agent = new RunningAgent(bridge, folder);
    }

    @AfterEach
    void close() {
        agent.close();
        bridge.close();
    }

    @Test
    void theAgentCallsHomeOnce() throws Exception {
        var call = bridge.nextCall();
        assertThat(call.path()).isEqualTo("/api/containers/ready");
        assertThat(call.body()).isEqualTo("{\"container\":\"container-1\"}");
        assertThat(call.headers()).doesNotContainKey("X-API-KEY");
        agent.get("/ping");
        assertThat(bridge.waitingCalls()).isZero();
    }

    @Test
    void unknownRoutesAre404() throws Exception {
        assertProblem(agent.get("/nowhere"), 404);
        assertProblem(agent.get("/"), 404);
        assertProblem(agent.get("/ping/x"), 404);
        assertProblem(agent.post("/run/../run/stop", "{}"), 404);
    }

    @Test
    void wrongMethodsAre405AndSayWhatIsPossible() throws Exception {
        var answer = agent.get("/init");
        assertProblem(answer, 405);
        assertThat(answer.headers().firstValue("Allow").orElseThrow()).contains("POST");
        assertProblem(agent.send(agent.request("/ping").DELETE()), 405);
        assertProblem(agent.post("/ping", "{}"), 405);
    }

    @Test
    void otherContentTypesAre415() throws Exception {
        for (var type :
                new String[] {
                    "text/plain", "application/x-www-form-urlencoded", "application/jsonx"
                }) {
            assertProblem(
                    agent.send(
                            agent.request("/init")
                                    .header("X-Bridge-Proof", bridge.proof())
                                    .header("Content-Type", type)
                                    .POST(BodyPublishers.ofString("{\"api_key\":\"a\"}"))),
                    415);
        }
    }

    @Test
    void aDeclaredHugeBodyIsRefusedBeforeItIsRead() throws Exception {
        var answer =
                raw(
                        "POST /init HTTP/1.1\r\n"
                                + "Host: x\r\n"
                                + "Connection: close\r\n"
                                + "Content-Type: application/json\r\n"
                                + ("X-Bridge-Proof: "
                                        + bridge.proof()
                                        + "\r\nContent-Length: 1000000000\r\n\r\n{"));
        assertThat(answer)
                .startsWith("HTTP/1.1 413 ")
                .contains("application/problem+json", "\"error\":");
    }

    @Test
    void aHugeChunkedBodyIsRefused() throws Exception {
        var endless =
                Stream.generate(() -> "x".repeat(1024).getBytes(StandardCharsets.UTF_8))
                        .limit(1_000)
                        .toList();
        assertProblem(
                agent.send(
                        agent.request("/init")
                                .header("X-Bridge-Proof", bridge.proof())
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofByteArrays(endless))),
                413);
    }

    @Test
    void aBodyAtTheLimitIsReadAndOneByteMoreIsNot() throws Exception {
        var start = "{\"api_key\":\"a\",\"x\":\"";
        var fits = start + "x".repeat(LIMIT - start.length() - 2) + "\"}";
        assertThat(agent.post("/init", fits, "X-Bridge-Proof", bridge.proof()).statusCode())
                .isEqualTo(200);
        assertProblem(agent.post("/init", fits + " ", "X-Bridge-Proof", bridge.proof()), 413);
    }

    @Test
    void invalidUtf8Is400() throws Exception {
        assertProblem(
                agent.send(
                        agent.request("/init")
                                .header("X-Bridge-Proof", bridge.proof())
                                .header("Content-Type", "application/json")
                                .POST(
                                        BodyPublishers.ofByteArray(
                                                "{\"api_key\":\"\u00e4\"}"
                                                        .getBytes(StandardCharsets.ISO_8859_1)))),
                400);
    }

    @Test
    void deeplyNestedJsonIs400() throws Exception {
        assertProblem(
                agent.post(
                        "/init", "{\"a\":" + "[".repeat(30_000), "X-Bridge-Proof", bridge.proof()),
                400);
    }

    @Test
    void hugeHeadersAre431() throws Exception {
        var answer =
                raw(
                        "GET /ping HTTP/1.1\r\nHost: x\r\nX-Long: "
                                + "x".repeat(64 * 1024)
                                + "\r\n\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.1 431 ")
                .contains("application/problem+json", "\"error\":");
    }

    @Test
    void duplicateLengthsAndBrokenRequestsAre400() throws Exception {
        for (var request :
                new String[] {
                    "POST /init HTTP/1.1\r\n"
                            + "Host: x\r\n"
                            + "Content-Length: 2\r\n"
                            + "Content-Length: 3\r\n\r\n"
                            + "{}",
                    "POST /init HTTP/1.1\r\n"
                            + "Host: x\r\n"
                            + "Content-Length: 2\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n"
                            + "{}",
                    "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                    "nonsense\r\n\r\n"
                }) {
            assertThat(raw(request)).as(request).startsWith("HTTP/1.1 400 ").contains("\"error\":");
        }
    }

    @Test
    void preflightsOfAllowedOriginsNeedNoCredentials() throws Exception {
        var answer =
                raw(
                        """
                        OPTIONS /run/start HTTP/1.1\r
                        Host: x\r
                        Connection: close\r
                        Origin: https://ide.example.org\r
                        Access-Control-Request-Method: POST\r
                        Access-Control-Request-Headers: authorization,content-type\r
                        \r
                        """);
        assertThat(answer)
                .containsPattern("^HTTP/1.1 20[04] ")
                .contains("Access-Control-Allow-Origin: https://ide.example.org")
                .containsPattern("Access-Control-Allow-Headers: .*(?i:authorization)");
    }

    @Test
    void errorsTooCanBeReadByAllowedOrigins() throws Exception {
        assertThat(raw(from("https://ide.example.org")))
                .startsWith("HTTP/1.1 401 ")
                .contains("Access-Control-Allow-Origin: https://ide.example.org");
    }

    @Test
    void otherOriginsGetNoPermission() throws Exception {
        for (var origin :
                new String[] {
                    "https://evil.example.org", "https://ide.example.org.evil.org", "null"
                }) {
            assertThat(raw(from(origin))).as(origin).doesNotContain("Access-Control-Allow-Origin");
        }
    }

    private static String from(String origin) {
        return "POST /run/start HTTP/1.1\r\n"
                + "Host: x\r\n"
                + "Connection: close\r\n"
                + "Content-Type: application/json\r\n"
                + "Origin: "
                + origin
                + "\r\nContent-Length: 2\r\n\r\n{}";
    }

    /**
     * Sends bytes as they are and reads until the server closes, or has said something and waits.
     */
    private String raw(String request) throws IOException {
        try (var socket = new Socket("127.0.0.1", agent.port())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            var answer = new StringBuilder();
            try {
                for (int next = socket.getInputStream().read();
                        next >= 0;
                        next = socket.getInputStream().read()) {
                    answer.append((char) next);
                }
            } catch (IOException ended) {
                // a server that refuses what it has not read resets the connection after its answer
                assertThat(answer).as(ended.toString()).isNotEmpty();
            }
            return answer.toString();
        }
    }

    private static void assertProblem(HttpResponse<String> answer, int status) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("application/problem+json");
        assertThat(RunningAgent.json(answer).at("/error").asText()).isNotBlank();
    }
}
