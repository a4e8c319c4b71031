package dev.runtimebridge.gateway;

import static dev.runtimebridge.gateway.ScriptedBridge.allow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.testing.TestGateway;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Whose credentials are worth what, and who gets to see them. */
@Timeout(60)
class GatewayCredentialsTest extends GatewayFixture {
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
    void aCookieWhoseNameEndsAlikeHidesNoSession() throws IOException {
        allowAll();
        var alike = "Cookie: x__Host-runtime-bridge=x; ";

        var hidden =
                gateway.ask(host(8000), "GET /", alike + COOKIE.substring("Cookie: ".length()));
        var twice =
                gateway.ask(
                        host(8000),
                        "GET /",
                        COOKIE + ";__Host-runtime-bridge=sentinel-session-too;c=3");

        assertThat(hidden.body())
                .contains("Cookie: x__Host-runtime-bridge=x; a=1; b=2")
                .doesNotContain("sentinel");
        assertThat(twice.body()).contains("Cookie: a=1; b=2; c=3").doesNotContain("sentinel");
        assertThat(bridge.asked)
                .extracting(ScriptedBridge.Asked::session)
                .containsOnly(Optional.of("sentinel-session"));
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
    void pagesOfOtherSitesCannotUseASession() throws IOException {
        allowAll();
        var own = "Origin: https://" + host(8000) + ".localhost:" + gateway.port();

        assertThat(
                        gateway.ask(host(8000), "POST /", COOKIE, "Origin: https://evil.example")
                                .status())
                .isEqualTo(403);
        assertThat(gateway.ask(host(8000), "POST /", COOKIE, own).status()).isEqualTo(200);
        assertThat(statusOfOpening(COOKIE, own)).isEqualTo(101);
        assertThat(statusOfOpening(COOKIE, "Origin: " + TestGateway.IDE)).isEqualTo(101);
        assertThat(statusOfOpening(COOKIE, "Origin: https://evil.example")).isEqualTo(403);
        assertThat(statusOfOpening(COOKIE, "Origin: null")).isEqualTo(403);
        assertThat(statusOfOpening(COOKIE, "X: no origin")).isEqualTo(403);
        assertThat(statusOfOpening(BEARER, "Origin: https://evil.example")).isEqualTo(403);
        assertThat(statusOfOpening(BEARER, "X: no browser")).isEqualTo(101);
    }

    /** To a cookie all hosts of a domain are one site, and images and scripts name no origin. */
    @Test
    void aSessionServesNoPartOfAnotherUsersPage() throws IOException {
        allowAll();

        assertThat(fetched("same-site", "no-cors")).isEqualTo(403);
        assertThat(fetched("cross-site", "no-cors")).isEqualTo(403);
        assertThat(fetched("same-site", "navigate")).isEqualTo(200);
        assertThat(fetched("same-origin", "no-cors")).isEqualTo(200);
        assertThat(fetched("none", "navigate")).isEqualTo(200);
    }

    private int fetched(String site, String mode) throws IOException {
        return gateway.ask(
                        host(8000),
                        "GET /",
                        COOKIE,
                        "Sec-Fetch-Site: " + site,
                        "Sec-Fetch-Mode: " + mode)
                .status();
    }

    @Test
    void connectionsBecomeWebSocketsAndNothingElse() throws IOException {
        allowAll();

        for (var other : List.of("h2c", "x", "websocket2", "h2c, websocket")) {
            var answer =
                    gateway.ask(
                            host(8000),
                            "GET /",
                            BEARER,
                            "Connection: upgrade",
                            "Upgrade: " + other);
            assertThat(answer.status()).as(other).isEqualTo(200);
            assertThat(answer.body()).doesNotContain("pgrade");
        }
    }

    private int statusOfOpening(String credential, String origin) throws IOException {
        return gateway.ask(host(8000), "GET /", credential, WEBSOCKET[0], WEBSOCKET[1], origin)
                .status();
    }

    @Test
    void theFirstBridgesSocketsNeedAnAllowedOriginToo() throws IOException {
        allowAll();
        var path = "GET /10.0.3.17/8000/socket.io/";

        assertThat(
                        gateway.ask(
                                        "runtime",
                                        path,
                                        WEBSOCKET[0],
                                        WEBSOCKET[1],
                                        "Origin: https://evil.example")
                                .status())
                .isEqualTo(403);
        assertThat(
                        gateway.ask(
                                        "runtime",
                                        path,
                                        WEBSOCKET[0],
                                        WEBSOCKET[1],
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
}
