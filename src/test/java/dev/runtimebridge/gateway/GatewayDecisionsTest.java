package dev.runtimebridge.gateway;

import static dev.runtimebridge.gateway.ScriptedBridge.allow;
import static dev.runtimebridge.gateway.ScriptedBridge.refuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.testing.RawHttps;
import dev.runtimebridge.testing.TestGateway;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** What the gateway makes of the bridge's answers, and of none. */
@Timeout(60)
class GatewayDecisionsTest extends GatewayFixture {
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
}
