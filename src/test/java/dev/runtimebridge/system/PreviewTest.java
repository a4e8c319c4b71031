package dev.runtimebridge.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;

import dev.runtimebridge.testing.RawHttps;
import dev.runtimebridge.testing.TestGateway;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Users' own servers, and their agents, reached through the gateway. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PreviewTest {
    @TempDir private static Path folder;
    private static BridgeProcess bridge;
    private static Chromium chromium;
    private static UserOfTheApi owner;
    private static UserOfTheApi.Answer launched;
    private static int port;

    @BeforeAll
    static void up() throws Exception {
        bridge = BridgeProcess.upWithGateway(folder.resolve("data"));
        owner = UserOfTheApi.of(bridge, "7");
        launched = owner.launch();
        assertThat(launched.status()).as(launched.body()).isEqualTo(200);
        port = TestGateway.freePort();
        startServer();
        chromium = new Chromium();
    }

    /** In the container, on its loopback, over SSH: as a user does. */
    private static void startServer() throws Exception {
        var login = owner.get("/api/containers/" + launched.text("id") + "/ssh");
        var script = Base64.getEncoder().encodeToString(script());
        var done =
                new OpenSsh(folder.resolve("ssh"), login)
                        .run(
                                "echo "
                                        + script
                                        + " | base64 -d > dev-server.js; mkfifo said; (setsid node"
                                        + " dev-server.js "
                                        + port
                                        + " < /dev/null > said 2>&1 &); head -n 1 said");
        assertThat(done.out()).contains("listening");
    }

    private static byte[] script() {
        try (var in = PreviewTest.class.getResourceAsStream("dev-server.js")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    static void end() {
        try {
            if (chromium != null) {
                chromium.close();
            }
        } finally {
            bridge.close();
        }
    }

    private static String atPort(String url) {
        return url.replace("//8000-", "//" + port + "-");
    }

    private static RawHttps.Answer ask(String url, String method, String... headers)
            throws IOException {
        var uri = URI.create(url);
        var target = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        var query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return RawHttps.once(uri.getHost(), uri.getPort(), method + " " + target + query, headers);
    }

    @Test
    void anOwnersLinkOpensTheirServerWithItsWebSocket() throws IOException {
        var session = enter(atPort(owner.launch().text("open_url")));
        var there = atPort(launched.text("proxy_url"));

        assertThat(ask(there, "GET", session).body()).contains("new WebSocket(");
        assertThat(openSocket(there, session)).isEqualTo("echo of hello");
        assertThat(ask(there, "GET").status()).isEqualTo(401);
    }

    /** Follows a link as a browser does; the cookie that it then sends. */
    private static String enter(String link) throws IOException {
        var entered = ask(link, "GET");
        assertThat(entered.status()).isEqualTo(303);
        return "Cookie: " + entered.header("Set-Cookie").orElseThrow().replaceAll(";.*", "");
    }

    private static String openSocket(String url, String session) throws IOException {
        try (var socket = new LiveSocket(url, session)) {
            return socket.hello();
        }
    }

    @Test
    void inABrowserAnOwnersLinkShowsTheirServerAndAnothersIsRefused() throws IOException {
        var there = atPort(launched.text("proxy_url"));
        var link = atPort(owner.launch().text("open_url"));
        var stranger = UserOfTheApi.of(bridge, "8").launch();
        try (var person = chromium.person();
                var other = chromium.person()) {
            var page = person.newPage();
            page.navigate(link);
            waitForEcho(page);
            assertThat(page.url()).isEqualTo(there + "/");
            page.reload();
            waitForEcho(page);

            var others = other.newPage();
            assertThat(others.navigate(at(there, stranger.text("open_url"))).status())
                    .isEqualTo(403);
            assertThat(others.textContent("h1")).isEqualTo("This link is used up");
            assertThat(others.navigate(link).status()).isEqualTo(403);
            others.navigate(atPort(stranger.text("open_url")));
            assertThat(others.textContent("h1")).isEqualTo("Nothing listens on this port");
            assertThat(others.navigate(there).status()).isEqualTo(401);
            assertThat(others.textContent("h1")).isEqualTo("Please log in");
        }
    }

    /** What the page's WebSocket was answered is its title. */
    private static void waitForEcho(Page page) {
        page.waitForFunction("document.title === 'echo of hello'");
    }

    /** A link's path and query on another host. */
    private static String at(String host, String link) {
        var uri = URI.create(link);
        return host + uri.getRawPath() + "?" + uri.getRawQuery();
    }

    @Test
    void aV1ClientWorksThroughTheFirstBridgesRoute() throws IOException {
        var gateway =
                "https://runtime.localhost:" + URI.create(launched.text("proxy_url")).getPort();
        var path = "/" + launched.text("url") + "/" + launched.text("port") + "/socket.io/";
        for (var transports : List.of("websocket", "polling", "polling,websocket")) {
            try (var client = new SocketIoClient(gateway, path, transports)) {
                assertThat(client.await("MESSAGE").get("data").asText()).isEqualTo("connected");
                client.emit("AUTHENTICATE", Map.of("token", owner.token()));
                client.await("AUTHENTICATE");
                client.emit("SSH_CONNECT", "").type("echo through-$((40+2))\r");
                client.awaitScreen("through-42");
            }
        }
        try (var foreign = new SocketIoClient(gateway, path, "websocket")) {
            foreign.await("MESSAGE");
            foreign.emit("AUTHENTICATE", Map.of("token", UserOfTheApi.of(bridge, "8").token()));
            assertThat(foreign.await("ERROR").get("data").get("type").asText()).isEqualTo("auth");
        }
    }

    @Test
    void anotherUsersLinkLeadsToTheirOwnContainerAlone() throws IOException {
        var stranger = UserOfTheApi.of(bridge, "8");
        var mine = atPort(launched.text("proxy_url"));

        var answer = ask(at(mine, stranger.launch().text("open_url")), "GET");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(ask(mine, "GET", "Authorization: Bearer " + stranger.token()).status())
                .isEqualTo(404);
        // The same port of their own container: nothing of theirs listens there.
        var own = URI.create(stranger.launch().text("proxy_url"));
        assertThat(
                        ask(
                                        atPort(own.toString()),
                                        "GET",
                                        "Authorization: Bearer " + stranger.token())
                                .status())
                .isEqualTo(502);
    }

    @Test
    void whatListensOnThisMachineForOthersIsNotReached() throws IOException {
        try (var trap = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            var url =
                    launched.text("proxy_url").replace("//8000-", "//" + trap.getLocalPort() + "-");

            var answer = ask(url, "GET", "Authorization: Bearer " + owner.token());

            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.body()).contains("Nothing listens on this port");
        }
    }

    @Test
    void theServerSeesWhoseHostItIsAndNoCredentialOfOurs() throws IOException {
        var url = atPort(launched.text("proxy_url"));

        var seen = ask(url + "/headers", "GET", "Authorization: Bearer " + owner.token()).body();

        assertThat(seen)
                .contains(
                        "\"host\":\"" + URI.create(url).getAuthority() + "\"",
                        "\"x-forwarded-proto\":\"https\"",
                        "\"x-forwarded-for\":\"127.0.0.1\"")
                .doesNotContain("authorization", "x-bridge");
    }

    @Test
    void aShareShowsItsPortToAnybodyUntilItIsWithdrawn() throws Exception {
        var path = "/api/containers/" + launched.text("id") + "/shares";
        var share = owner.post(path, "{\"port\": " + port + ", \"expires_in\": 600}");
        assertThat(share.status()).as(share.body()).isEqualTo(201);
        var guest = enter(share.text("url"));
        var there = atPort(launched.text("proxy_url"));
        assertThat(ask(there, "GET", guest).status()).isEqualTo(200);
        assertThat(openSocket(there, guest)).isEqualTo("echo of hello");
        assertThat(owner.get(path).json().get("shares")).hasSize(1);
        assertThat(ask(launched.text("proxy_url"), "GET", guest).status()).isEqualTo(403);

        owner.delete(path + "/" + share.text("id"));
        var withdrawn = Instant.now();
        int status = 200;
        while (status == 200) {
            status = ask(there, "GET", guest).status();
            assertThat(Duration.between(withdrawn, Instant.now()))
                    .isLessThan(Duration.ofSeconds(1));
        }
        assertThat(status).isEqualTo(403);
        assertThat(ask(share.text("url"), "GET").status()).isEqualTo(403);
        assertThat(UserOfTheApi.of(bridge, "8").post(path, "{\"port\": 3000}").status())
                .isEqualTo(404);
        assertThat(owner.post(path, "{\"port\": 8000}").status()).isEqualTo(400);
        assertThat(owner.post(path, "{\"port\": 3000, \"expires_in\": 5}").status()).isEqualTo(400);
    }

    @Test
    void withinFiveSecondsOfAWithdrawalItsGuestsSocketsEndAndItsOwnersDoNot() throws Exception {
        var there = atPort(launched.text("proxy_url"));
        var path = "/api/containers/" + launched.text("id") + "/shares";
        var body = "{\"port\": " + port + ", \"expires_in\": 600}";
        var withdrawn = owner.post(path, body);
        var kept = owner.post(path, body);
        try (var guest = new LiveSocket(there, enter(withdrawn.text("url")));
                var another = new LiveSocket(there, enter(kept.text("url")));
                var own = new LiveSocket(there, enter(atPort(owner.launch().text("open_url"))))) {
            assertThat(guest.hello()).isEqualTo("echo of hello");

            owner.delete(path + "/" + withdrawn.text("id"));

            guest.awaitEnd(5_000);
            assertThat(another.hello()).isEqualTo("echo of hello");
            assertThat(own.hello()).isEqualTo("echo of hello");
        } finally {
            owner.delete(path + "/" + kept.text("id"));
        }
    }
}
