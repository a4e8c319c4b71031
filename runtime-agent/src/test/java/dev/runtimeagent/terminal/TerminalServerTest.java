package dev.runtimeagent.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimeagent.bridge.SshAccess;
import dev.runtimeagent.secret.Secret;
import dev.runtimeagent.ssh.SshFixture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

class TerminalServerTest {
    @TempDir Path folder;
    private TerminalFixture terminal;

    @BeforeEach
    void start() {
        terminal = new TerminalFixture(folder);
    }

    @AfterEach
    void stop() {
        terminal.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "polling", "polling,websocket"})
    void aShellIsUsedOverEveryTransport(String transports) {
        var client = terminal.client(transports);
        client.await("connect");
        assertThat(client.await("MESSAGE").get("data").asText()).isEqualTo("connected");
        client.emit("AUTHENTICATE", Map.of("token", TerminalFixture.TOKEN));
        assertThat(client.await("AUTHENTICATE").get("data").asText()).isEqualTo("AUTHENTICATE");
        client.emit("SSH_CONNECT", "");
        client.type("echo $((6*7)) Zoë; pwd\n");
        client.awaitScreen("42 Zoë");
        client.emit("SSH_RESIZE", Map.of("cols", 101, "rows", 33));
        client.type("stty size\n");
        client.awaitScreen("33 101");
        client.type("exit\n");
        var down = client.await("SSH_DOWN").get("data");
        assertThat(down.get("type").asText()).isEqualTo("ssh closed");
        assertThat(down.get("message").asText()).isNotEmpty();
        client.emit("SSH_CONNECT", "");
        client.type("echo again $((6*7))\n");
        client.awaitScreen("again 42");
    }

    @Test
    void aWrongTokenAndAStrangersAreRefused() {
        var client = terminal.client();
        client.await("connect");
        for (var token : new String[] {"nonsense", "a stranger's token"}) {
            client.emit("AUTHENTICATE", Map.of("token", token));
            assertThat(errorOf(client)).isEqualTo("auth");
            client.emit("SSH_CONNECT", "");
            assertThat(errorOf(client)).isEqualTo("auth");
        }
    }

    @Test
    void eachFaultHasItsType() {
        var client = terminal.client();
        client.await("connect");
        client.emit("SSH", "ls\n");
        assertThat(errorOf(client)).isEqualTo("auth");
        client.emit("AUTHENTICATE", Map.of());
        assertThat(errorOf(client)).isEqualTo("missing field");
        client.emit("NO_SUCH_EVENT", 1);
        assertThat(errorOf(client)).isEqualTo("unknown");
        client.emit("AUTHENTICATE", Map.of("token", TerminalFixture.TOKEN));
        client.await("AUTHENTICATE");
        client.emit("SSH", "ls\n");
        assertThat(errorOf(client)).isEqualTo("ssh");
        client.emit("SSH_RESIZE", Map.of("cols", 80));
        assertThat(errorOf(client)).isEqualTo("missing field");
        client.emit("SSH_RESIZE", Map.of("cols", 0, "rows", -1));
        assertThat(errorOf(client)).isEqualTo("common");
        client.emit("SSH", Map.of("not", "a string"));
        assertThat(errorOf(client)).isEqualTo("common");
        terminal.access = new SshAccess.Unavailable("init has not happened");
        client.emit("SSH_CONNECT", "");
        assertThat(errorOf(client)).isEqualTo("Init Needed");
    }

    @Test
    void anotherSshServerThanTheKnownOneGetsNoPassword() {
        terminal.access =
                new SshAccess.Granted(
                        "127.0.0.1",
                        terminal.ssh.server.port(),
                        SshFixture.USER,
                        new Secret(SshFixture.PASSWORD),
                        "ssh-ed25519"
                            + " AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        var client = terminal.client().openShell(TerminalFixture.TOKEN);
        var error = client.await("ERROR").get("data");
        assertThat(error.get("type").asText()).isEqualTo("ssh");
        assertThat(error.get("message").asText()).doesNotContain(SshFixture.PASSWORD);
    }

    @Test
    void aClientThatComesBackFindsItsShellAndTheTailOfItsScreen() {
        var first = terminal.client().openShell(TerminalFixture.TOKEN);
        first.type("secret=$((40+2)); echo before $((1+1)) drops\n");
        first.awaitScreen("before 2 drops");
        first.order(Map.of("drop", true));
        first.await("disconnect");
        var second = terminal.client().openShell(TerminalFixture.TOKEN);
        second.awaitScreen("before 2 drops");
        second.type("echo still $secret\n");
        second.awaitScreen("still 42");
    }

    @Test
    void theSixthShellIsRefused() {
        for (var shell = 1; shell <= 5; shell++) {
            var client = terminal.client().openShell(TerminalFixture.TOKEN);
            client.type("echo $((6*7))\n");
            client.awaitScreen("42");
        }
        var sixth = terminal.client().openShell(TerminalFixture.TOKEN);
        assertThat(errorOf(sixth)).isEqualTo("ssh");
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "polling"})
    void aPasteOfMegabytesArrivesWholeAndInOrder(String transport) {
        var client = terminal.client(transport).openShell(TerminalFixture.TOKEN);
        client.type("stty -echo -icanon; PS1=; echo ready | tr a-z A-Z\n");
        client.awaitScreen("READY");
        client.type("head -c 4000000 | sha256sum; echo done | tr a-z A-Z\n");
        client.order(Map.of("type", "0123456789abcdefghi\n", "times", 200_000));
        var expected =
                java.util.HexFormat.of().formatHex(sha256("0123456789abcdefghi\n".repeat(200_000)));
        assertThat(client.awaitScreen("DONE")).contains(expected);
    }

    @Test
    void aPasteAndItsEchoDoNotWaitForEachOther() {
        var client = terminal.client().openShell(TerminalFixture.TOKEN);
        client.type(
                "stty raw -echo; echo ready | tr a-z A-Z; head -c 6000000; stty sane; echo done |"
                        + " tr a-z A-Z\n");
        client.awaitScreen("READY");
        client.order(Map.of("count", true, "until", "DONE"));
        client.order(Map.of("type", "0123456789abcdefghi\n", "times", 300_000));
        assertThat(client.await("counted").get("bytes").asInt()).isGreaterThan(6_000_000);
    }

    /** What comes by polling is brought by threads that hold what everybody who sends needs. */
    @Test
    void whoTypesByPollingIntoAFloodIsHeardToTheEnd() {
        var client = terminal.client("polling").openShell(TerminalFixture.TOKEN);
        client.type("echo ready | tr a-z A-Z; yes 0123456789 | head -c 9000000\n");
        client.awaitScreen("READY");
        client.order(Map.of("count", true, "until", "DONE"));
        for (int i = 0; i < 150; i++) {
            client.type("x");
            if (i % 10 == 0) {
                client.emit("NO_SUCH_EVENT", i);
            }
        }
        client.type("\u0015echo done | tr a-z A-Z\n");
        client.await("counted");
        client.order(Map.of("count", false));
        client.type("exit\n");
        client.await("SSH_DOWN");
    }

    @Test
    void aClientThatDoesNotReadStopsTheProgramAndCostsNoMemory() throws Exception {
        var client = terminal.client().openShell(TerminalFixture.TOKEN);
        client.type("echo pid $$; while :; do echo 0123456789; echo x >> count; done\n");
        client.awaitScreen("0123456789");
        client.order(Map.of("pause", true));
        var count = terminal.ssh.settings.workspace().resolve("count");
        var before = -1L;
        // Time has to pass for a program to show that it does nothing.
        for (var size = count.toFile().length(); size != before; size = count.toFile().length()) {
            before = size;
            Thread.sleep(700);
        }
        assertThat(before * "0123456789\r\n".length() / 2).isLessThan(12_000_000);
        client.order(Map.of("count", true, "until", "^C"));
        client.order(Map.of("resume", true));
        client.type("\u0003");
        client.await("counted");
    }

    @Test
    void aForeignOriginIsRefusedAndAnAllowedOneIsNot() throws Exception {
        for (var transport : new String[] {"websocket", "polling"}) {
            var foreign = terminal.client(transport, Map.of("Origin", "https://evil.example.org"));
            assertThat(foreign.await("connect_error").get("message").asText()).contains("403");
            terminal.client(transport, Map.of("Origin", TerminalFixture.ORIGIN)).await("connect");
        }
        try (var http = HttpClient.newHttpClient()) {
            var url =
                    URI.create(
                            "http://127.0.0.1:"
                                    + terminal.port()
                                    + "/socket.io/?EIO=4&transport=polling");
            var preflight =
                    HttpRequest.newBuilder(url)
                            .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                            .header("Origin", TerminalFixture.ORIGIN)
                            .build();
            var answer = http.send(preflight, BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(204);
            assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
                    .contains(TerminalFixture.ORIGIN);
            var get = HttpRequest.newBuilder(url).header("Origin", TerminalFixture.ORIGIN).build();
            assertThat(
                            http.send(get, BodyHandlers.ofString())
                                    .headers()
                                    .allValues("Access-Control-Allow-Origin"))
                    .containsExactly(TerminalFixture.ORIGIN);
        }
    }

    @Test
    void aStrangerMaySendNoLongMessage() throws Exception {
        var client = terminal.client();
        client.await("connect");
        client.order(Map.of("type", "0123456789", "times", 100_000));
        client.await("disconnect");
        try (var http = HttpClient.newHttpClient()) {
            var url = "http://127.0.0.1:" + terminal.port() + "/socket.io/?EIO=4&transport=polling";
            var post =
                    HttpRequest.newBuilder(URI.create(url + "&sid=x"))
                            .POST(HttpRequest.BodyPublishers.ofString("x".repeat(100_000)))
                            .build();
            assertThat(http.send(post, BodyHandlers.ofString()).statusCode()).isEqualTo(413);
            var old = HttpRequest.newBuilder(URI.create(url.replace("EIO=4", "EIO=3"))).build();
            assertThat(http.send(old, BodyHandlers.ofString()).statusCode()).isEqualTo(400);
        }
    }

    @Test
    void aSocketThatDoesNotSayWhoItIsIsClosed() {
        terminal.close();
        terminal =
                new TerminalFixture(
                        folder.resolve("second"),
                        new TerminalLimits(
                                Duration.ofMillis(300),
                                Duration.ofMillis(300),
                                5,
                                65536,
                                65536,
                                65536));
        var silent = terminal.client();
        var owner = terminal.client().openShell(TerminalFixture.TOKEN);
        silent.await("disconnect");
        owner.type("x=5; echo $((6*7))\n");
        owner.awaitScreen("42");
        owner.order(Map.of("close", true));
        owner.await("disconnect");
    }

    private static String errorOf(NodeClient client) {
        return client.await("ERROR").get("data").get("type").asText();
    }

    private static byte[] sha256(String text) {
        try {
            return java.security.MessageDigest.getInstance("SHA-256").digest(text.getBytes());
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
