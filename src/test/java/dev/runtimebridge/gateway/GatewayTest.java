package dev.runtimebridge.gateway;

import static dev.runtimebridge.gateway.ScriptedBridge.allow;
import static dev.runtimebridge.gateway.ScriptedBridge.refuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runtimebridge.allocation.Ids;
import dev.runtimebridge.testing.RawHttps;
import dev.runtimebridge.testing.TestGateway;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A real NGINX with our configuration, between callers, a bridge that a test scripts, and a server.
 */
@Timeout(60)
class GatewayTest {
    private static final String ID = "aaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String BEARER = "Authorization: Bearer sentinel-token-of-a-user";
    private static final String COOKIE = "Cookie: a=1; __Host-runtime-bridge=sentinel-session; b=2";

    @TempDir private static Path shared;
    private static ScriptedBridge sharedBridge;
    private static EchoServer sharedServer;
    private static TestGateway sharedGateway;

    /** What a gateway remembers of one test is about a container that no other test has. */
    private final String id = new Ids(new SecureRandom()).draw();

    @TempDir private Path folder;
    private ScriptedBridge bridge = sharedBridge;
    private EchoServer server = sharedServer;
    private TestGateway gateway = sharedGateway;

    @BeforeAll
    static void startShared() throws Exception {
        sharedBridge = new ScriptedBridge();
        sharedServer = new EchoServer("127.0.0.1");
        sharedGateway = TestGateway.start(shared, List.of(sharedBridge.place()));
    }

    @AfterAll
    static void stopShared() throws IOException {
        sharedGateway.close();
        sharedServer.close();
        sharedBridge.close();
    }

    @BeforeEach
    void forget() {
        bridge.asked.clear();
        server.accepted.set(0);
    }

    @AfterEach
    void stop() throws IOException {
        if (gateway != sharedGateway) {
            gateway.close();
            server.close();
            bridge.close();
        }
    }

    /** For tests that break something. */
    private void startAfresh() throws Exception {
        bridge = new ScriptedBridge();
        server = new EchoServer("127.0.0.1");
        gateway = TestGateway.start(folder, List.of(bridge.place()));
    }

    private String host(int port) {
        return port + "-" + id;
    }

    private void allowAll() {
        bridge.script = asked -> allow(server.place(), id, false);
    }

    @Test
    void theBridgeIsAskedWhoMayAndNamesTheAddress() throws IOException {
        allowAll();

        var answer = gateway.ask(host(8000), "GET /a/b?c=d", BEARER);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).startsWith("GET /a/b?c=d HTTP/1.1");
        assertThat(bridge.asked)
                .containsExactly(
                        new ScriptedBridge.Asked(
                                "host " + id + " 8000",
                                Optional.empty(),
                                Optional.of("Bearer sentinel-token-of-a-user")));
    }

    @Test
    void credentialsForTheGatewayEndThere() throws IOException {
        allowAll();

        var byToken = gateway.ask(host(8000), "GET /", BEARER, "Cookie: a=1");
        var bySession = gateway.ask(host(8000), "GET /", COOKIE, "Authorization: Basic own");

        assertThat(byToken.body()).contains("Cookie: a=1").doesNotContain("sentinel");
        assertThat(bySession.body())
                .contains("Cookie: a=1; b=2", "Authorization: Basic own")
                .doesNotContain("sentinel");
    }

    @Test
    void onlyTheAgentsRunSeesTheUsersToken() throws IOException {
        allowAll();
        var path = "/c/" + id + "/8000";

        assertThat(gateway.ask(host(8000), "POST /run/start", BEARER, "Content-Length: 0").body())
                .contains(BEARER);
        assertThat(gateway.ask("runtime", "POST " + path + "/run/start", BEARER).body())
                .startsWith("POST /run/start ")
                .contains(BEARER);
        assertThat(gateway.ask("runtime", "GET " + path + "/ping", BEARER).body())
                .startsWith("GET /ping ")
                .doesNotContain("sentinel");
    }

    @Test
    void anotherPortsServerSeesNoTokenEvenOnThatPath() throws IOException {
        bridge.script = asked -> allow(server.place(), id, true);

        assertThat(gateway.ask(host(3000), "GET /run/start", BEARER).body())
                .contains("\nX-Bridge-Forward: assertion-of-the-bridge")
                .doesNotContain("sentinel");
    }

    @Test
    void aCallerCannotSpeakForTheBridge() throws IOException {
        allowAll();

        var body =
                gateway.ask(
                                host(8000),
                                "GET /",
                                BEARER,
                                "X-Bridge-Assertion: forged",
                                "X-Bridge-Forward: forged",
                                "X-Forwarded-For: 1.2.3.4")
                        .body();

        assertThat(body)
                .contains("X-Bridge-Assertion: assertion-of-the-bridge")
                .contains("X-Forwarded-For: 127.0.0.1")
                .contains("X-Forwarded-Proto: https")
                .doesNotContain("forged", "1.2.3.4");
    }

    @Test
    void behindALoadBalancerWhoCallsIsWhoTheBalancerSaw() throws Exception {
        bridge = new ScriptedBridge();
        server = new EchoServer("127.0.0.1");
        gateway =
                TestGateway.start(
                        folder, List.of(bridge.place()), List.of("127.0.0.1/32", "2001:db8::/64"));
        allowAll();

        var seen = "X-Forwarded-For: 198.51.100.1, 203.0.113.9, 2001:db8::7";
        var body = gateway.ask(host(8000), "GET /", BEARER, seen).body();

        assertThat(body).contains("X-Forwarded-For: 203.0.113.9").doesNotContain("198.51.100.1");
    }

    @Test
    void onTheFirstBridgesRouteTheAgentAuthenticates() throws IOException {
        allowAll();

        var answer =
                gateway.ask("runtime", "GET /10.0.3.17/8000/socket.io/?EIO=4&transport=polling");

        assertThat(answer.body()).startsWith("GET /socket.io/?EIO=4&transport=polling HTTP/1.1");
        assertThat(bridge.asked)
                .containsExactly(
                        new ScriptedBridge.Asked(
                                "address 10.0.3.17 8000", Optional.empty(), Optional.empty()));
        assertThat(gateway.ask("runtime", "OPTIONS /10.0.3.17/8000/run/start").status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/10.0.3.17/8000/",
                "/10.0.3.17/8000/ping",
                "/10.0.3.17/8000/init",
                "/10.0.3.17/8000/socket.io",
                "/10.0.3.17/8000/socket.io/x",
                "/10.0.3.17/8000/socket.io/../init",
                "/10.0.3.17/8000/socket.io/%2e%2e/init",
                "/10.0.3.17/8000/%2e%2e/socket.io/",
                "/10.0.3.17/8000//socket.io/",
                "/10.0.3.17/8000/socket.io/%0d%0aX-Api-Key:%20x",
                "/10.0.3.17/8000/10.0.3.18/8000/socket.io/",
                "//10.0.3.17/8000/socket.io/",
                "/10.0.3.17/8000/Socket.io/",
                "/10.0.3.17/08000/socket.io/",
                "/10.0.3.17/800000/socket.io/",
                "/10.0.3.17/0/socket.io/",
                "/10.0.3.17:8000/socket.io/",
                "/::1/8000/socket.io/",
                "/[::1]/8000/socket.io/",
                "/2130706433/8000/socket.io/",
                "/0x7f000001/8000/socket.io/",
                "/0x7f.0.0.1/8000/socket.io/",
                "/127.1/8000/socket.io/",
                "/localhost/8000/socket.io/",
                "/evil.example/80/socket.io/",
                "/c/aaaa/8000/socket.io/",
                "/c/" + ID + "/8000/../../../x",
                "/c/" + ID + "/8000/%2e%2e/x",
                "/c/" + ID + "/8000/a//b",
                "/c/" + ID + "/8000",
                "/c/Aaaaaaaaaaaaaaaaaaaaaaaaaa/8000/",
                "/"
            })
    void whatIsNoExactFormIsRefusedBeforeAnybodyIsAsked(String path) throws IOException {
        allowAll();

        assertThat(gateway.ask("runtime", "GET " + path, BEARER).status()).isIn(400, 404);
        assertThat(bridge.asked).isEmpty();
        assertThat(server.accepted).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254", "169.254.170.2", "127.0.0.1", "0.0.0.0", "10.0.3.18",
                "010.0.3.17", "0177.0.0.1", "10.0.3.017", "255.255.255.255", "999.1.1.1"
            })
    void anAddressThatTheBridgeDoesNotKnowIsNeverConnectedTo(String ip) throws IOException {
        bridge.script =
                asked ->
                        asked.target().equals("address 10.0.3.17 8000")
                                ? allow(server.place(), id, false)
                                : refuse(404, "no-container");

        var path = "/" + ip + "/" + server.port() + "/socket.io/";
        assertThat(gateway.ask("runtime", "GET " + path).status()).isEqualTo(404);
        assertThat(server.accepted).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8000-aaaa",
                "0-" + ID,
                "08000-" + ID,
                "800000-" + ID,
                "x." + "8000-" + ID,
                ID,
                "unknown"
            })
    void aHostOfNoExactFormIsRefused(String host) throws IOException {
        allowAll();

        assertThat(gateway.ask(host, "GET /", BEARER).status()).isEqualTo(404);
        assertThat(bridge.asked).isEmpty();
    }

    @Test
    void requestsThatCouldBeReadInTwoWaysAreRefused() throws IOException {
        allowAll();

        for (var headers :
                List.of(
                        List.of("Content-Length: 3", "Content-Length: 4"),
                        List.of("Content-Length: 3", "Transfer-Encoding: chunked"),
                        List.of("Transfer-Encoding: chunked, identity"),
                        List.of("Host: other.localhost"),
                        List.of("X: " + "a".repeat(70_000)))) {
            var answer =
                    gateway.ask(
                            host(8000),
                            "POST /",
                            headers.stream().map(h -> h).toArray(String[]::new));
            assertThat(answer.status()).as(headers.getFirst()).isIn(400, 501);
        }
        assertThat(server.accepted).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource({"500", "502", "200", "301", "404", "403"})
    void whateverTheBridgeSaysThatIsNoYesIsANo(int status) throws IOException {
        bridge.script = asked -> new ScriptedBridge.Says(status, Map.of());

        assertThat(gateway.ask(host(8000), "GET /", BEARER).status()).isEqualTo(503);
        assertThat(server.accepted).hasValue(0);
    }

    @Test
    void aYesWithoutAnAddressIsANo() throws IOException {
        bridge.script = asked -> new ScriptedBridge.Says(204, Map.of("Gateway-Valid-Ms", "700"));

        assertThat(gateway.ask(host(8000), "GET /", BEARER).status()).isEqualTo(503);
    }

    @Test
    void aBridgeThatIsSlowOrGoneMeansNo() throws Exception {
        startAfresh();
        var never = new CountDownLatch(1);
        bridge.script =
                asked -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return allow(server.place(), id, false);
                };
        var began = Instant.now();
        var slow = gateway.ask(host(8000), "GET /", BEARER, "Accept: text/html");
        assertThat(slow.status()).isEqualTo(503);
        assertThat(slow.header("Retry-After")).isPresent();
        assertThat(slow.body()).contains("<h1>Not just now</h1>");
        assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(5));

        never.countDown();
        bridge.close();
        assertThat(gateway.ask(host(8000), "GET /", BEARER).status()).isEqualTo(503);
        assertThat(server.accepted).hasValue(0);
    }

    @Test
    void aSecondBridgeStandsInForOneThatIsGone() throws Exception {
        startAfresh();
        gateway.close();
        var gone = "127.0.0.1:" + TestGateway.freePort();
        gateway = TestGateway.start(folder, List.of(gone, bridge.place()));
        allowAll();

        for (int i = 0; i < 4; i++) {
            assertThat(gateway.ask(host(8000 + i), "GET /", BEARER).status()).isEqualTo(200);
        }
    }

    @Test
    void aDecisionIsRememberedAndAskedForAnewWithinASecond() throws Exception {
        allowAll();
        try (var connection = gateway.connect(host(8000))) {
            for (int i = 0; i < 50; i++) {
                assertThat(get(connection).status()).isEqualTo(200);
            }
            assertThat(bridge.asked.size()).isLessThan(5);

            bridge.script = asked -> refuse(404, "no-container");
            var withdrawn = Instant.now();
            while (get(connection).status() == 200) {
                assertThat(Duration.between(withdrawn, Instant.now()))
                        .isLessThan(Duration.ofSeconds(1));
            }
        }
    }

    private RawHttps.Answer get(RawHttps connection) throws IOException {
        return connection.ask(host(8000) + ".localhost", "GET /", BEARER);
    }

    @Test
    void aDecisionForOneCallerIsNoneForAnother() throws IOException {
        bridge.script =
                asked ->
                        asked.authorization().equals(Optional.of("Bearer one"))
                                ? allow(server.place(), id, false)
                                : refuse(404, "no-container");
        var odd = "Cookie: x__Host-runtime-bridge=y";

        assertThat(gateway.ask(host(1), "GET /", "Authorization: Bearer one").status())
                .isEqualTo(200);
        assertThat(gateway.ask(host(1), "GET /", "Authorization: Bearer two").status())
                .isEqualTo(404);
        assertThat(gateway.ask(host(1), "GET /").status()).isEqualTo(404);
        assertThat(gateway.ask(host(1), "GET /", odd, "Authorization: Bearer one").status())
                .isEqualTo(200);
        assertThat(gateway.ask(host(1), "GET /", odd, "Authorization: Bearer two").status())
                .isEqualTo(404);
        assertThat(gateway.ask(host(1), "GET /", odd).status()).isEqualTo(404);
    }

    @Test
    void pagesOfOtherSitesCannotUseASession() throws IOException {
        allowAll();
        var own = "Origin: https://" + host(8000) + ".localhost:" + gateway.port();
        var upgrade = new String[] {"Connection: upgrade", "Upgrade: websocket"};

        assertThat(
                        gateway.ask(host(8000), "POST /", COOKIE, "Origin: https://evil.example")
                                .status())
                .isEqualTo(403);
        assertThat(gateway.ask(host(8000), "POST /", COOKIE, own).status()).isEqualTo(200);
        assertThat(open(COOKIE, upgrade, own)).isEqualTo(101);
        assertThat(open(COOKIE, upgrade, "Origin: " + TestGateway.IDE)).isEqualTo(101);
        assertThat(open(COOKIE, upgrade, "Origin: https://evil.example")).isEqualTo(403);
        assertThat(open(COOKIE, upgrade, "Origin: null")).isEqualTo(403);
        assertThat(open(COOKIE, upgrade, "X: no origin")).isEqualTo(403);
        assertThat(open(BEARER, upgrade, "Origin: https://evil.example")).isEqualTo(403);
        assertThat(open(BEARER, upgrade, "X: no browser")).isEqualTo(101);
    }

    private int open(String credential, String[] upgrade, String origin) throws IOException {
        return gateway.ask(host(8000), "GET /", credential, upgrade[0], upgrade[1], origin)
                .status();
    }

    @Test
    void theFirstBridgesSocketsNeedAnAllowedOriginToo() throws IOException {
        allowAll();
        var path = "GET /10.0.3.17/8000/socket.io/";
        var upgrade = new String[] {"Connection: upgrade", "Upgrade: websocket"};

        assertThat(
                        gateway.ask(
                                        "runtime",
                                        path,
                                        upgrade[0],
                                        upgrade[1],
                                        "Origin: https://evil.example")
                                .status())
                .isEqualTo(403);
        assertThat(
                        gateway.ask(
                                        "runtime",
                                        path,
                                        upgrade[0],
                                        upgrade[1],
                                        "Origin: " + TestGateway.IDE)
                                .status())
                .isEqualTo(101);
    }

    @Test
    void allowedOriginsMayAskBeforeTheyCall() throws IOException {
        var preflight =
                gateway.ask(
                        host(8000),
                        "OPTIONS /x",
                        "Origin: " + TestGateway.IDE,
                        "Access-Control-Request-Method: PUT",
                        "Access-Control-Request-Headers: authorization");
        var foreign =
                gateway.ask(
                        host(8000),
                        "OPTIONS /x",
                        "Origin: https://evil.example",
                        "Access-Control-Request-Method: PUT");

        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.header("Access-Control-Allow-Origin")).contains(TestGateway.IDE);
        assertThat(preflight.header("Access-Control-Allow-Headers")).contains("authorization");
        assertThat(foreign.header("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void aRefusalIsAPageForPeopleAndAProblemForPrograms() throws IOException {
        bridge.script = asked -> refuse(401, "log-in");

        var page = gateway.ask(host(8000), "GET /", "Accept: text/html,*/*");
        var problem = gateway.ask(host(8000), "GET /", "Origin: " + TestGateway.IDE);

        assertThat(page.status()).isEqualTo(401);
        assertThat(page.header("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(page.body()).contains("<h1>Please log in</h1>");
        assertThat(problem.header("Content-Type")).contains("application/problem+json");
        assertThat(problem.header("Access-Control-Allow-Origin")).contains(TestGateway.IDE);
        assertThat(problem.body()).contains("\"status\":401", "\"error\":", "\"detail\":");
    }

    @Test
    void whatDoesNotAnswerIsToldOfInOurWords() throws IOException {
        int nobody = TestGateway.freePort();
        bridge.script = asked -> allow("127.0.0.1:" + nobody, id, asked.target().endsWith(" 3000"));

        var agent = gateway.ask(host(8000), "GET /", BEARER, "Accept: text/html");
        var port = gateway.ask(host(3000), "GET /", BEARER, "Accept: text/html");

        assertThat(agent.status()).isEqualTo(502);
        assertThat(agent.body()).contains("The container does not answer").doesNotContain("nginx");
        assertThat(port.status()).isEqualTo(502);
        assertThat(port.body()).contains("Nothing listens on this port");
    }

    @Test
    void bodiesOfAnySizeStreamBothWaysWithoutTouchingTheDisk() throws Exception {
        startAfresh();
        allowAll();
        long size = 300L << 20;
        try (var connection = gateway.connect(host(8000))) {
            connection.send(
                    "POST /count HTTP/1.1\r\nHost: "
                            + host(8000)
                            + ".localhost\r\n"
                            + BEARER
                            + "\r\nContent-Length: "
                            + size
                            + "\r\n\r\n");
            var block = "x".repeat(1 << 20);
            for (long sent = 0; sent < size; sent += block.length()) {
                connection.send(block);
            }
            assertThat(connection.answer(false).body()).isEqualTo(Long.toString(size));

            connection.send(
                    "GET /produce?"
                            + size
                            + " HTTP/1.1\r\nHost: "
                            + host(8000)
                            + ".localhost\r\n"
                            + BEARER
                            + "\r\n\r\n");
            assertThat(connection.answer(true).header("Content-Length"))
                    .contains(Long.toString(size));
            try (var files = Files.walk(folder)) {
                assertThat(files.filter(Files::isRegularFile))
                        .allMatch(file -> file.toFile().length() < 1 << 20);
            }
        }
    }

    @Test
    void requestsAndOpenSocketsOfAContainerAreReported() throws Exception {
        startAfresh();
        allowAll();
        try (var connection = gateway.connect(host(8000))) {
            connection.send(
                    "GET / HTTP/1.1\r\nHost: "
                            + host(8000)
                            + ".localhost\r\n"
                            + BEARER
                            + "\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n");
            assertThat(connection.answer(true).status()).isEqualTo(101);
            gateway.ask(host(8000), "GET /", BEARER);

            assertThat(bridge.reports.poll(20, TimeUnit.SECONDS)).isEqualTo(id + " 2 1");
            assertThat(bridge.reports.poll(20, TimeUnit.SECONDS)).isEqualTo(id + " 0 1");
        }
    }

    @Test
    void noSecretStandsInALog() throws Exception {
        startAfresh();
        allowAll();
        gateway.ask(host(8000), "GET /seen?token=sentinel-query", BEARER);
        gateway.ask(host(8000), "GET /", COOKIE);
        server.close();
        gateway.ask(host(8000), "GET /failed?token=sentinel-query", BEARER);
        gateway.ask(host(8000), "GET /.runtime-bridge/enter?pass=sentinel-pass");
        gateway.close(); // writes what it had not yet

        var logs = gateway.logs();

        assertThat(logs).contains("\"path\":\"/seen\"", "\"path\":\"/failed\",\"status\":502");
        assertThat(logs).doesNotContain("sentinel");
    }

    @Test
    void aConfigurationThatNginxRefusesReplacesNothing() throws Exception {
        var other = Files.createDirectory(folder.resolve("other"));
        var good = TestGateway.settings(TestGateway.freePort(), List.of(bridge.place()));
        var file =
                Gateway.install(TestGateway.configuration(good), TestGateway.nginx(), other, other);
        var before = Files.readString(file);
        var missing = Optional.of(new GatewaySettings.Certificate(folder.resolve("no.crt"), file));
        var bad =
                new GatewaySettings(
                        "localhost",
                        1,
                        good.listen(),
                        good.bridges(),
                        true,
                        missing,
                        Optional.empty());

        assertThatThrownBy(
                        () ->
                                Gateway.install(
                                        TestGateway.configuration(bad),
                                        TestGateway.nginx(),
                                        other,
                                        other))
                .hasMessageContaining("no.crt");

        assertThat(file).hasContent(before);
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
        try (var files = Files.list(other)) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .noneMatch(name -> name.contains(".new"));
        }
    }

    @Test
    void aReloadLeavesOpenSocketsAlone() throws Exception {
        startAfresh();
        allowAll();
        try (var connection = gateway.connect(host(8000))) {
            connection.send(
                    "GET / HTTP/1.1\r\nHost: "
                            + host(8000)
                            + ".localhost\r\n"
                            + BEARER
                            + "\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n");
            assertThat(connection.answer(true).status()).isEqualTo(101);

            var pid = Files.readString(folder.resolve("nginx.pid")).strip();
            assertThat(new ProcessBuilder("kill", "-HUP", pid).start().waitFor()).isZero();
            while (gateway.ask(host(8001), "GET /", BEARER).status() != 200) {
                Thread.onSpinWait();
            }
            connection.send("still here\n");
            assertThat(connection.line()).isEqualTo("still here");
        }
    }
}
