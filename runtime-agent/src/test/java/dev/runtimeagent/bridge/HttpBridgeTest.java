package dev.runtimeagent.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimeagent.FakeBridge;
import dev.runtimeagent.config.AgentSettings;
import dev.runtimeagent.outbound.BoundedHttp;
import dev.runtimeagent.secret.Secret;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

class HttpBridgeTest {
    @TempDir Path folder;

    private final FakeBridge fake = new FakeBridge();
    private Optional<Secret> key = Optional.of(new Secret(FakeBridge.API_KEY));

    @AfterEach
    void close() {
        fake.close();
    }

    @Test
    void theOwnersTokenIsTheOwners() {
        fake.know("t", "7", true);
        try (var bridge = bridge("127.0.0.1")) {
            assertThat(bridge.keyAccepted()).isFalse();
            assertThat(bridge.authorize("t")).isEqualTo(new Authorization.Owner("7"));
            assertThat(bridge.keyAccepted()).isTrue();
        }
    }

    @Test
    void anotherUsersTokenIsAStrangers() {
        fake.know("t", "8", false);
        try (var bridge = bridge("127.0.0.1")) {
            assertThat(bridge.authorize("t")).isEqualTo(new Authorization.Stranger("8"));
        }
    }

    @Test
    void aTokenThatDoesNotVerifyIsRefused() {
        try (var bridge = bridge("127.0.0.1")) {
            assertThat(bridge.authorize("forged")).isInstanceOf(Authorization.Refused.class);
            assertThat(bridge.keyAccepted()).isFalse();
        }
    }

    @Test
    void sharesThatLetSomebodyInAreNamed() {
        fake.answer("/api/containers/shares", 200, "{\"shares\": [\"one\", \"two\"]}");
        try (var bridge = bridge("127.0.0.1")) {
            assertThat(bridge.validShares()).contains(Set.of("one", "two"));
        }
    }

    @Test
    void aContainerThatTheBridgeKnowsNoMoreHasNoSharesAndAFaultIsNoAnswer() {
        fake.answer("/api/containers/shares", 401, "{}");
        try (var bridge = bridge("127.0.0.1")) {
            assertThat(bridge.validShares()).contains(Set.of());
            fake.answer("/api/containers/shares", 503, "{}");
            assertThat(bridge.validShares()).isEmpty();
            fake.answer("/api/containers/shares", 200, "{}");
            assertThat(bridge.validShares()).isEmpty();
        }
    }

    @Test
    void nothingIsAskedBeforeInit() {
        key = Optional.empty();
        try (var bridge = bridge("127.0.0.1")) {
            assertThat(bridge.authorize("t")).isInstanceOf(Authorization.Unavailable.class);
            assertThat(bridge.info()).isInstanceOf(SshAccess.Unavailable.class);
            assertThat(bridge.validShares()).isEmpty();
        }
        assertThat(fake.waitingCalls()).isZero();
    }

    @Test
    void aLimitIsToldWithTheKeyAndAgainWhereNobodyHeardOfIt() throws Exception {
        try (var bridge = bridge("127.0.0.1")) {
            assertThat(bridge.reached(Limit.MEMORY, 3)).isTrue();
            var call = fake.nextCall();
            assertThat(call.path()).isEqualTo("/api/containers/limits");
            assertThat(call.headers()).containsEntry("X-API-KEY", FakeBridge.API_KEY);
            assertThat(call.body()).contains("\"limit\":\"memory\"", "\"times\":3");

            fake.answer("/api/containers/limits", 404, "{}");
            assertThat(bridge.reached(Limit.PROCESSES, 1)).as("a bridge without it").isTrue();
            for (var later : new int[] {401, 429, 503}) {
                fake.answer("/api/containers/limits", later, "{}");
                assertThat(bridge.reached(Limit.MEMORY, 1)).as("%d", later).isFalse();
            }
            key = Optional.empty();
            assertThat(bridge.reached(Limit.MEMORY, 1)).as("before init").isFalse();
        }
    }

    @Test
    void credentialsComeWithPortAndHostKey() {
        fake.credentials("127.0.0.1", 2222, "together", "pw", "ssh-ed25519 AAAA");
        try (var bridge = bridge("127.0.0.1")) {
            assertThat(bridge.info())
                    .isEqualTo(
                            new SshAccess.Granted(
                                    "127.0.0.1",
                                    2222,
                                    "together",
                                    new Secret("pw"),
                                    "ssh-ed25519 AAAA"));
        }
    }

    @Test
    void aFirstBridgesCredentialsMeanPort22() {
        fake.answer(
                "/api/containers/info",
                200,
                "{\"cont_ip\":\"127.0.0.1\",\"cont_port\":8000,\"cont_user\":\"u\",\"cont_auth_type\":\"password\",\"cont_auth\":\"pw\"}");
        try (var bridge = bridge("127.0.0.1")) {
            assertThat(bridge.info())
                    .isEqualTo(new SshAccess.Granted("127.0.0.1", 22, "u", new Secret("pw"), ""));
        }
    }

    @Test
    void anAnswerThatIsNotJsonIsNoAnswer() {
        fake.know("t", "7", true);
        fake.answer("/api/containers", 200, "<html>");
        try (var bridge = bridge("127.0.0.1")) {
            assertThat(bridge.authorize("t")).isInstanceOf(Authorization.Unavailable.class);
            assertThat(bridge.info()).isInstanceOf(SshAccess.Unavailable.class);
        }
    }

    @Test
    void anEndlessAnswerIsCutOff() {
        fake.answer(
                "/api/containers/info",
                exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    var chunk = new byte[1 << 20];
                    for (int i = 0; i < 1 << 10; i++) {
                        exchange.getResponseBody().write(chunk);
                    }
                });
        try (var bridge = bridge("127.0.0.1")) {
            assertThat(bridge.info()).isInstanceOf(SshAccess.Unavailable.class);
        }
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        fake.answer(
                "/api/containers/info",
                exchange -> {
                    exchange.getResponseHeaders().set("Location", fake.url() + "/elsewhere");
                    exchange.sendResponseHeaders(302, -1);
                });
        try (var bridge = bridge("127.0.0.1")) {
            assertThat(bridge.info())
                    .isEqualTo(new SshAccess.Unavailable("the bridge answered 302"));
        }
        assertThat(fake.nextCall().path()).isEqualTo("/api/containers/info");
        assertThat(fake.waitingCalls()).isZero();
    }

    @Test
    void callsComeFromTheContainersOwnAddress() throws Exception {
        try (var bridge = bridge("127.64.0.9")) {
            bridge.ready();
            var call = fake.nextCall();
            assertThat(call.from().getHostAddress()).isEqualTo("127.64.0.9");
            assertThat(call.body()).isEqualTo("{\"container\":\"container-1\"}");
        }
    }

    @Test
    void theCallHomeIsRepeatedTwiceAndNoMore() throws Exception {
        fake.answer("/api/containers/ready", 503, "{}");
        try (var bridge = bridge("127.0.0.1")) {
            bridge.ready();
            for (int i = 0; i < 3; i++) {
                assertThat(fake.nextCall().path()).isEqualTo("/api/containers/ready");
            }
        }
        assertThat(fake.waitingCalls()).isZero();
    }

    private HttpBridge bridge(String address) {
        var environment = fake.environment(folder);
        environment.putAll(Map.of("AGENT_ADDRESS", address));
        var settings = AgentSettings.from(environment);
        return new HttpBridge(
                settings, () -> key, new BoundedHttp(InetAddress.ofLiteral(address), "http"));
    }
}
