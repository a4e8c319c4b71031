package dev.runtimebridge.gateway;

import static dev.runtimebridge.gateway.ScriptedBridge.allow;
import static dev.runtimebridge.gateway.ScriptedBridge.refuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runtimebridge.testing.TestGateway;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What passes through, and what is told of it. */
@Timeout(60)
class GatewayTrafficTest extends GatewayFixture {
    @Test
    void behindALoadBalancerWhoCallsIsWhoTheBalancerSaw() throws Exception {
        startAfresh(List.of("127.0.0.1/32", "2001:db8::/64"));
        allowAll();

        var seen = "X-Forwarded-For: 198.51.100.1, 203.0.113.9, 2001:db8::7";
        var body = gateway.ask(host(8000), "GET /", BEARER, seen).body();

        assertThat(body).contains("X-Forwarded-For: 203.0.113.9").doesNotContain("198.51.100.1");
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
            send(connection, "POST /count", "Content-Length: " + size);
            var block = "x".repeat(1 << 20);
            for (long sent = 0; sent < size; sent += block.length()) {
                connection.send(block);
            }
            assertThat(connection.answer(false).body()).isEqualTo(Long.toString(size));

            send(connection, "GET /produce?" + size);
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
            open(connection);
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
            open(connection);

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
