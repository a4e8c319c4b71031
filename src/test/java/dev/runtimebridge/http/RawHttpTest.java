package dev.runtimebridge.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What only a client that builds its requests by hand can send. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RawHttpTest {
    private static final String LAUNCH =
            "POST /api/containers/launch HTTP/1.1\r\nHost: b\r\n"
                    + "Authorization: Bearer user:7\r\nContent-Type: application/json\r\n";
    private static final Duration BODY_WITHIN = Duration.ofMillis(400);
    private TestApi api;

    @BeforeAll
    void start() {
        api = new TestApi(impatient());
    }

    @AfterAll
    void stop() {
        api.close();
    }

    @Test
    void headersOf64KilobytesAreRefused() throws Exception {
        assertProblem(
                send("GET /ping HTTP/1.1\r\nHost: b\r\nX: " + "x".repeat(65_536) + "\r\n\r\n"),
                431);
    }

    @Test
    void anEndlessPathIsRefused() throws Exception {
        assertProblem(
                send("GET /" + "a".repeat(65_536) + " HTTP/1.1\r\nHost: b\r\n\r\n"), 414, 431);
    }

    @Test
    void twoContentLengthsAreRefused() throws Exception {
        assertProblem(
                send(LAUNCH + "Content-Length: 15\r\nContent-Length: 16\r\n\r\n{\"image_id\": 1}"),
                400);
    }

    @Test
    void aLengthBesideChunksIsRefused() throws Exception {
        assertProblem(
                send(
                        LAUNCH
                                + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + "0\r\n\r\nGET /ping HTTP/1.1\r\nHost: b\r\n\r\n"),
                400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: x",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding : chunked",
                "Content-Length: -1",
                "Content-Length: +5",
                "Content-Length: 0x5",
                "Content-Length: 99999999999999999999",
                " folded: header",
                "No-Colon"
            })
    void ambiguousFramingIsRefused(String header) throws Exception {
        assertProblem(
                send(LAUNCH + header + "\r\n\r\n0\r\n\r\nGET /ping HTTP/1.1\r\nHost: b\r\n\r\n"),
                400,
                413,
                501);
    }

    @Test
    void aLargeBodyIsRefusedBeforeItIsSent() throws Exception {
        // Nothing of the body follows: an answer can only come from the headers.
        assertProblem(send(LAUNCH + "Content-Length: 1000001\r\n\r\n"), 413);
        assertProblem(
                send(LAUNCH + "Content-Length: 1000001\r\nExpect: 100-continue\r\n\r\n"), 413);
        assertProblem(
                send("POST /nothing HTTP/1.1\r\nHost: b\r\nContent-Length: 9000000000\r\n\r\n"),
                413);
    }

    @Test
    void anEndlessChunkedBodyIsRefusedAtOneMegabyte() throws Exception {
        try (var socket = connect()) {
            var out = socket.getOutputStream();
            out.write(
                    (LAUNCH + "Transfer-Encoding: chunked\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            var chunk =
                    ("2710\r\n" + " ".repeat(10_000) + "\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1);
            for (int i = 0; i < 101; i++) {
                out.write(chunk);
            }
            out.flush();
            assertProblem(read(socket), 413);
        }
    }

    @Test
    void aBrokenChunkIsRefused() throws Exception {
        assertProblem(
                send(LAUNCH + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{\"image_id\": 1}\r\n"),
                400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /ping",
                "GET /ping HTTP/9.9\r\nHost: b",
                "GET /ping HTTP/1.1",
                "GET /ping HTTP/1.1\r\nHost: b\r\nHost: c",
                "GET ping HTTP/1.1\r\nHost: b",
                "GET /%zz HTTP/1.1\r\nHost: b",
                "GET /%2e%2e/ping HTTP/1.1\r\nHost: b",
                "GET /a%2fb HTTP/1.1\r\nHost: b",
                "GET /%00 HTTP/1.1\r\nHost: b",
                "GET /%c0%af HTTP/1.1\r\nHost: b",
                "GET /ping HTTP/1.1\r\nHost: b\r\nX: \u0000",
                "G@T /ping HTTP/1.1\r\nHost: b",
                "\u0016\u0003\u0001\u0002"
            })
    void malformedRequestsAreRefused(String request) throws Exception {
        var answer = send(request + "\r\n\r\n");
        assertThat(status(answer)).as(answer).isBetween(400, 505);
        assertThat(answer)
                .contains("application/problem+json")
                .doesNotContain("Exception", "\tat ");
    }

    @Test
    void aBodyThatTricklesIsNotWaitedFor() throws Exception {
        try (var socket = connect()) {
            var out = socket.getOutputStream();
            out.write((LAUNCH + "Content-Length: 500\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 3; i++) {
                out.write(' ');
                out.flush();
                // The third comes when time is up, and none after it.
                TimeUnit.MILLISECONDS.sleep(BODY_WITHIN.toMillis() * 3 / 4);
            }
            assertProblem(read(socket), 408);
        }
    }

    @Test
    void theServerStillAnswersAfterAllThat() throws Exception {
        assertThat(api.send(api.get("/ping")).body()).isEqualTo("{\"ping\":\"pong\"}");
        assertThat(api.claims.inserted()).isZero();
    }

    @Test
    void theIdleTimeEndsConnectionsButNotRequestsThatWait() throws Exception {
        var body = "{\"image_id\": 1}";
        try (var hasty = new TestApi(settings(Duration.ofMillis(200), BODY_WITHIN));
                var socket = new Socket("127.0.0.1", hasty.port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(
                            (LAUNCH + "Prefer: wait=1\r\nContent-Length: 15\r\n\r\n" + body)
                                    .getBytes(StandardCharsets.ISO_8859_1));
            assertThat(status(read(socket))).isEqualTo(202);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    private static ApiSettings impatient() {
        return settings(TestApi.settings().idle(), BODY_WITHIN);
    }

    private static ApiSettings settings(Duration idle, Duration bodyWithin) {
        var usual = TestApi.settings();
        return new ApiSettings(
                usual.allowedOrigins(),
                usual.trustedProxies(),
                usual.adminRole(),
                usual.longestWait(),
                usual.retryAfter(),
                idle,
                bodyWithin,
                usual.mostConnections(),
                usual.mostStreamsPerUser(),
                usual.keepAlive(),
                usual.callsPerMinute(),
                usual.drain());
    }

    private static void assertProblem(String answer, Integer... statuses) {
        assertThat(status(answer)).as(answer).isIn((Object[]) statuses);
        assertThat(answer)
                .contains("application/problem+json", "\"error\":\"", "X-Request-Id")
                .doesNotContain("Exception");
    }

    private static int status(String answer) {
        return answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : 0;
    }

    private Socket connect() throws IOException {
        var socket = new Socket("127.0.0.1", api.port);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private String send(String request) throws IOException {
        try (var socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return read(socket);
        }
    }

    /** Reads the first answer: until its body is whole or the connection ends. */
    private static String read(Socket socket) throws IOException {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        var in = socket.getInputStream();
        while (!whole(text)) {
            int read = in.read(buffer);
            if (read < 0) {
                break;
            }
            text.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
        }
        return text.toString();
    }

    private static boolean whole(StringBuilder text) {
        int end = text.indexOf("\r\n\r\n");
        return end > 0 && text.indexOf("}", end) > 0;
    }
}
