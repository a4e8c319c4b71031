package dev.runtimebridge.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.system.UserOfTheApi.Answer;
import dev.runtimebridge.testing.RawHttps;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** {@code up --gateway}: a bridge, real agents, and NGINX before them. */
@Timeout(120)
class GatewayBridgeTest {
    @TempDir private static Path folder;
    private static BridgeProcess bridge;
    private static UserOfTheApi owner;
    private static UserOfTheApi stranger;

    @BeforeAll
    static void up() throws IOException {
        bridge = BridgeProcess.upWithGateway(folder.resolve("data"));
        owner = UserOfTheApi.of(bridge, "7");
        stranger = UserOfTheApi.of(bridge, "8");
    }

    @AfterAll
    static void end() {
        bridge.close();
    }

    private static RawHttps.Answer ask(URI where, String requestLine, String... headers)
            throws IOException {
        return RawHttps.once(where.getHost(), where.getPort(), requestLine, headers);
    }

    private static URI proxy(Answer launched) {
        return URI.create(launched.text("proxy_url"));
    }

    private static String bearer(UserOfTheApi user) {
        return "Authorization: Bearer " + user.token();
    }

    private static URI runtime(URI proxy) {
        return URI.create("https://runtime.localhost:" + proxy.getPort());
    }

    @Test
    void anOwnerReachesTheirAgentByEachForm() throws IOException {
        var launched = owner.launch();
        var proxy = proxy(launched);
        var byAddress = "/" + launched.text("url") + "/" + launched.text("port");

        assertThat(ask(proxy, "GET /ping", bearer(owner)).body()).contains("pong");
        assertThat(
                        ask(
                                        runtime(proxy),
                                        "GET /c/" + launched.text("id") + "/8000/ping",
                                        bearer(owner))
                                .body())
                .contains("pong");
        assertThat(
                        ask(
                                        runtime(proxy),
                                        "GET " + byAddress + "/socket.io/?EIO=4&transport=polling")
                                .body())
                .startsWith("0{");
    }

    @Test
    void nobodyElseDoes() throws IOException {
        var launched = owner.launch();
        var proxy = proxy(launched);
        var path = "GET /c/" + launched.text("id") + "/8000/ping";

        assertThat(ask(proxy, "GET /ping", bearer(stranger)).status()).isEqualTo(404);
        assertThat(ask(proxy, "GET /ping").status()).isEqualTo(401);
        assertThat(ask(runtime(proxy), path, bearer(stranger)).status()).isEqualTo(404);
        assertThat(ask(runtime(proxy), path).status()).isEqualTo(401);
        assertThat(ask(proxy, "GET /ping", "Authorization: Bearer e30.e30.").status())
                .isEqualTo(401);
    }

    @Test
    void theAgentsOwnSecretsStayBehindTheBridge() throws IOException {
        var proxy = proxy(owner.launch());

        var init =
                ask(
                        proxy,
                        "POST /init",
                        bearer(owner),
                        "Content-Type: application/json",
                        "Content-Length: 0");
        assertThat(init.status()).isEqualTo(401);
    }

    @Test
    void whatGatewaysAskCannotBeAskedByAnybodyElse() throws Exception {
        var api = URI.create("https://bridge.localhost:" + proxy(owner.launch()).getPort());

        assertThat(ask(api, "GET /gateway/decision").status()).isEqualTo(404);
        assertThat(ask(api, "GET /gateway%2fdecision").status()).isIn(400, 404);
        assertThat(ask(api, "GET //gateway/decision").status()).isIn(400, 404);
        assertThat(owner.get("/gateway/decision").status()).isEqualTo(404);
        assertThat(ask(api, "GET /ping").body()).contains("pong");
    }

    @Test
    void anAddressOfThisMachineThatIsNoContainersIsNeverConnectedTo() throws IOException {
        var runtime = runtime(proxy(owner.launch()));
        for (var ip : new String[] {"127.0.0.1", "127.77.0.1"}) {
            try (var trap = new ServerSocket(0, 1, InetAddress.ofLiteral(ip))) {
                var path = "/" + ip + "/" + trap.getLocalPort() + "/socket.io/";
                assertThat(ask(runtime, "GET " + path, bearer(owner)).status()).isEqualTo(404);
                trap.setSoTimeout(1);
                assertThat(trap).satisfies(GatewayBridgeTest::hasNoCaller);
            }
        }
    }

    private static void hasNoCaller(ServerSocket trap) {
        try (var caller = trap.accept()) {
            throw new AssertionError(caller + " connected");
        } catch (SocketTimeoutException e) {
            assertThat(e).isNotNull();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aLinkLetsItsOwnersBrowserInOnce() throws IOException {
        var launched = owner.launch();
        var link = URI.create(launched.text("open_url"));
        var proxy = proxy(launched);
        var open = "GET " + link.getRawPath() + "?" + link.getRawQuery();

        var entered = ask(link, open + "&to=/ping");
        assertThat(entered.status()).isEqualTo(303);
        assertThat(entered.header("Location")).contains("/ping");
        var cookie = entered.header("Set-Cookie").orElseThrow();
        assertThat(cookie)
                .startsWith("__Host-runtime-bridge=")
                .contains("; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/")
                .doesNotContain("Domain");
        var session = "Cookie: " + cookie.replaceAll(";.*", "");
        assertThat(ask(proxy, "GET /ping", session).body()).contains("pong");

        assertThat(ask(link, open).status()).isEqualTo(403);
        assertThat(ask(link, open.replace("pass=e", "pass=f")).status()).isEqualTo(403);
        var other = proxy(stranger.launch());
        assertThat(ask(other, "GET /ping", session).status()).isEqualTo(401);
    }

    @Test
    void aLinkLeadsNowhereElse() throws IOException {
        for (var to :
                new String[] {
                    "//evil.example", "https://evil.example/", "/%5cevil", "/%0d%0aX:y", "evil"
                }) {
            var link = URI.create(owner.launch().text("open_url"));
            var open = "GET " + link.getRawPath() + "?" + link.getRawQuery() + "&to=" + to;
            assertThat(ask(link, open).header("Location")).contains("/");
        }
    }

    @Test
    void withinASecondOfTheEndNewRequestsAreRefusedAndOpenSocketsEnd() throws Exception {
        var user = UserOfTheApi.of(bridge, "9");
        var launched = user.launch();
        var proxy = proxy(launched);
        var socketIo = "GET /socket.io/?EIO=4&transport=websocket";
        try (var keptAlive = RawHttps.connect(proxy.getHost(), proxy.getPort());
                var socket = RawHttps.connect(proxy.getHost(), proxy.getPort())) {
            var host = proxy.getAuthority();
            assertThat(keptAlive.ask(host, "GET /ping", bearer(user)).status()).isEqualTo(200);
            assertThat(
                            socket.ask(
                                            host,
                                            socketIo,
                                            bearer(user),
                                            "Connection: Upgrade",
                                            "Upgrade: websocket",
                                            "Sec-WebSocket-Version: 13",
                                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
                                    .status())
                    .isEqualTo(101);

            user.stop(launched.text("id"));
            var ended = Instant.now();
            int status = 200;
            while (status == 200 || status == 502) {
                status = keptAlive.ask(host, "GET /ping", bearer(user)).status();
                assertThat(Duration.between(ended, Instant.now()))
                        .isLessThan(Duration.ofSeconds(1));
            }
            assertThat(status).isEqualTo(404);
            socket.within(10_000);
            while (socket.read() >= 0) {
                assertThat(Duration.between(ended, Instant.now()))
                        .isLessThan(Duration.ofSeconds(10));
            }
        }
    }

    @Test
    void aBridgeThatStandsStillMeansNoAndItIsYesAgainAfterwards() throws Exception {
        try (var own = BridgeProcess.upWithGateway(folder.resolve("own"))) {
            var user = UserOfTheApi.of(own, "7");
            var proxy = proxy(user.launch());
            assertThat(ask(proxy, "GET /ping", bearer(user)).status()).isEqualTo(200);

            own.signal("STOP");
            int status = 200;
            while (status == 200) {
                status = ask(proxy, "GET /ping", bearer(user)).status();
            }
            assertThat(status).isEqualTo(503);

            own.signal("CONT");
            while (status == 503) {
                status = ask(proxy, "GET /ping", bearer(user)).status();
            }
            assertThat(status).isEqualTo(200);

            own.kill();
            while (status == 200) {
                status = ask(proxy, "GET /ping", bearer(user)).status();
            }
            assertThat(status).isEqualTo(503);
        }
    }

    @Test
    void theConfigurationForAGatewayOfItsOwnIsWrittenWholeAndForItsOwnerOnly() throws Exception {
        var out = folder.resolve("config");
        var configuration = GatewayConfiguration.of(folder.resolve("conf-data"));

        var end =
                BridgeProcess.run(
                        folder.resolve("conf-data"),
                        configuration,
                        "gateway",
                        "config",
                        "--out",
                        out.toString());

        assertThat(end.status()).as(end.err()).isZero();
        assertThat(end.out().strip()).isEqualTo(out.resolve("nginx.conf").toString());
        assertThat(Files.readString(out.resolve("nginx.conf")))
                .contains("server_name *.apps.example.org;", "server 10.0.0.5:8080 max_fails=0;");
        assertThat(Files.getPosixFilePermissions(out.resolve("nginx.conf"))).hasSize(2);
    }

    @Test
    void withoutADomainThereIsNoGatewayToConfigure() throws Exception {
        var configuration = GatewayConfiguration.of(folder.resolve("conf-none"));
        configuration.remove("GATEWAY_DOMAIN");

        var end =
                BridgeProcess.run(folder.resolve("conf-none"), configuration, "gateway", "config");

        assertThat(end.status()).isEqualTo(1);
        assertThat(end.err()).contains("set GATEWAY_DOMAIN");
    }

    @Test
    void theGatewayOfABridgeThatWasKilledMakesRoomForTheNext() throws Exception {
        var data = folder.resolve("killed");
        int port = freePort();
        try (var first = BridgeProcess.upWithGateway(data, port)) {
            first.kill();
            try (var second = BridgeProcess.upWithGateway(data, port)) {
                var launched = UserOfTheApi.of(second, "7").launch();
                assertThat(proxy(launched).getPort()).isEqualTo(port);
            }
        }
        try (var free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(free.isBound()).isTrue();
        }
    }

    private static int freePort() throws IOException {
        try (var any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }
}
