package dev.runtimebridge.gateway;

import static dev.runtimebridge.gateway.ScriptedBridge.allow;
import static dev.runtimebridge.gateway.ScriptedBridge.refuse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Which addresses lead anywhere. */
@Timeout(60)
class GatewayAddressesTest extends GatewayFixture {
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
}
