package dev.runtimebridge.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.BridgeInProcess;
import dev.runtimebridge.config.Development;
import dev.runtimebridge.config.KeyMaterial;
import dev.runtimebridge.emulator.Emulator;
import dev.runtimebridge.emulator.region.ScaledClock;
import dev.runtimebridge.emulator.script.Scenario;
import dev.runtimebridge.emulator.stub.StubAgents;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The whole bridge, configured for Fargate, against the emulator in real time. */
@Timeout(120)
class FargateBridgeTest {
    private static final Scenario QUICK =
            Scenario.usual()
                    .with(
                            """
                            phases: {provisioning: 20ms, networkInterface: 50ms, pending: 20ms,
                              pull: 20ms, start: 20ms, agent: 20ms}
                            """);

    @TempDir private Path folder;

    private final ScaledClock clock = new ScaledClock(1, InstantSource.system());
    private final StubAgents agents = new StubAgents(clock, 8000);
    private int port;
    private Emulator aws;
    private Path data;
    private BridgeInProcess bridge;

    @BeforeEach
    void choosePort() throws Exception {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        data = Files.createDirectory(folder.resolve("data"));
    }

    @AfterEach
    void end() {
        if (bridge != null) {
            bridge.close();
        }
        if (aws != null) {
            aws.close();
        }
        agents.close();
        clock.close();
    }

    private void startBridge() throws Exception {
        var keys = KeyMaterial.readOrCreate(data, new SecureRandom());
        var values = new HashMap<>(Development.values(Map.of(), data, 0, keys));
        values.put("PROVIDER", "fargate");
        values.put("CLUSTER_NAME", "bridge");
        values.put("AWS_REGION", "eu-central-1");
        values.put("CONTAINER_SUBNETS", "subnet-a,subnet-b");
        values.put("CONTAINER_SECURITY_GROUP", "sg-agents");
        values.put("AWS_ENDPOINT_URL", "http://127.0.0.1:" + port);
        values.put("AWS_ACCESS_KEY_ID", "AKIAEMULATED");
        values.put("AWS_SECRET_ACCESS_KEY", "none");
        values.put("AWS_CALL_TIMEOUT", "2s");
        bridge = BridgeInProcess.start(values);
        var python = "{\"task_definition\": \"workspace:1\"}";
        assertThat(user("root").changeImage(python).status()).isEqualTo(200);
    }

    private void startAws() {
        aws = Emulator.start(QUICK, clock, agents, port);
    }

    private void stopAws() {
        aws.close();
        aws = null;
    }

    private UserOfTheApi user(String name) throws Exception {
        return new UserOfTheApi(bridge.url(), UserOfTheApi.jwtSecret(data), name, Set.of("admin"));
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    @Test
    void aUserLaunchesFindsTheirWayInAndStops() throws Exception {
        startAws();
        startBridge();
        var alice = user("alice");
        var launched = alice.launch();
        assertThat(launched.status()).as(launched.body()).isEqualTo(200);
        assertThat(launched.text("url")).startsWith("127.65.");
        var again = alice.launch();
        assertThat(again.text("id")).isEqualTo(launched.text("id"));
        var ssh = alice.get("/api/containers/" + launched.text("id") + "/ssh");
        assertThat(ssh.text("user")).isEqualTo("together");
        assertThat(aws.ledger().started()).hasSize(1);
        assertThat(alice.stop(launched.text("id")).status()).isLessThan(300);
        await(() -> aws.ledger().running().isEmpty());
    }

    @Test
    void awsThatIsAwayAtTheStartIsSaidAndServesAgainOnceItIsThere() throws Exception {
        startBridge();
        var alice = user("alice");
        var refused = alice.launch();
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.retryAfterSeconds()).isPresent();
        assertThat(refused.text("cause")).isEqualTo("infrastructure");
        assertThat(refused.text("detail")).contains("AWS cannot be reached");
        assertThat(refused.text("hint")).isNotBlank();
        var ready = alice.get("/readyz");
        assertThat(ready.status()).isEqualTo(200);
        assertThat(ready.body()).contains("\"fargate\"", "cannot be reached");
        assertThat(alice.get("/api/runtimes/available").status()).isEqualTo(200);

        startAws();
        await(() -> alice.launch().status() == 200);
        await(() -> !alice.get("/readyz").body().contains("cannot be reached"));
        assertThat(aws.ledger().running()).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void usersWithContainersAreServedWhileAwsIsAway() throws Exception {
        startAws();
        startBridge();
        var alice = user("alice");
        var launched = alice.launch();
        assertThat(launched.status()).as(launched.body()).isEqualTo(200);
        stopAws();
        assertThat(user("bob").launch().status()).isEqualTo(503);
        var again = alice.launch();
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text("id")).isEqualTo(launched.text("id"));
        assertThat(alice.get("/api/containers/" + launched.text("id") + "/ssh").status())
                .isEqualTo(200);

        bridge.close();
        startBridge();
        var afterARestart = user("alice").launch();
        assertThat(afterARestart.status()).isEqualTo(200);
        assertThat(afterARestart.text("id")).isEqualTo(launched.text("id"));
        assertThat(user("alice").get("/readyz").status()).isEqualTo(200);
    }

    @Test
    void anUnknownTaskDefinitionMakesItsImageUnavailableAndNoOther() throws Exception {
        startAws();
        startBridge();
        var root = user("root");
        assertThat(root.changeImage("{\"task_definition\": \"nope:1\"}").status()).isEqualTo(200);
        await(() -> !available(root));
        assertThat(root.launch().status()).isEqualTo(404);
        assertThat(root.get("/readyz").status()).isEqualTo(200);
        root.changeImage("{\"task_definition\": \"workspace:1\"}");
        assertThat(root.launch().status()).isEqualTo(200);
    }

    private static boolean available(UserOfTheApi user) {
        for (var image : user.get("/api/runtimes/available").json().get("image")) {
            if (image.get("id").asInt() == UserOfTheApi.PYTHON) {
                return image.get("available").asBoolean();
            }
        }
        throw new AssertionError("python is not in the catalogue");
    }
}
