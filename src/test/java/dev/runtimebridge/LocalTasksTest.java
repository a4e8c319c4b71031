package dev.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.agent.AgentException;
import dev.runtimebridge.agent.HttpAgentClient;
import dev.runtimebridge.emulator.region.LedgerEntry;
import dev.runtimebridge.emulator.script.Scenario;
import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.local.AgentSoftware;
import dev.runtimebridge.secret.BridgeKey;
import dev.runtimebridge.secret.BridgeProof;
import dev.runtimebridge.secret.Secret;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.services.ecs.model.Task;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;

/** Emulated tasks that are real agents, started by the real SDK. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LocalTasksTest {
    private static final int AGENT_PORT = 8000;
    private static final Secret API_KEY = new Secret("an-api-key-for-this-test");

    @TempDir private Path temporary;
    private BridgeKey key;
    private HttpAgentClient agents;
    private EmulatedAccount account;
    private EcsTasks tasks;

    @BeforeEach
    void open() throws Exception {
        key = BridgeKey.generate(new SecureRandom());
        agents =
                new HttpAgentClient(
                        new BridgeProof(key.privateKey(), InstantSource.system()),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(20),
                        true);
        account =
                EmulatedAccount.withRealAgents(
                        Scenario.usual().with("{scale: 10, phases: {kept: 10s}}"),
                        0,
                        AGENT_PORT,
                        new EmulatedAccount.RealAgents(
                                temporary.resolve("data"),
                                "/usr/bin:/bin",
                                AgentSoftware.builtIn(root())));
        tasks = new EcsTasks(account.emulator().endpoint());
    }

    @AfterEach
    void close() {
        tasks.close();
        account.close();
        agents.close();
    }

    @Test
    void anAgentNamesItsTaskObeysItsBridgeAndEndsWithItsTask() {
        var task = start(key.forAgents());
        var ref = new ContainerRef(task.taskArn());

        EcsTasks.until("the task runs", () -> tasks.describe(task).lastStatus().equals("RUNNING"));
        var address = new Address(EcsTasks.address(tasks.describe(task)), AGENT_PORT);
        EcsTasks.until("its agent answers", () -> answers(ref, address));
        EcsTasks.until("the ledger knows", () -> entry().answeredAt().isPresent());
        assertThat(entry().answeredAt().orElseThrow()).isAfter(entry().askedAt());
        var credentials = agents.init(ref, address, API_KEY);
        assertThat(credentials.user()).isEqualTo("together");

        tasks.stop(task, "enough");
        EcsTasks.until(
                "the task has stopped", () -> tasks.describe(task).lastStatus().equals("STOPPED"));

        assertThat(answers(ref, address)).isFalse();
        assertThat(temporary.resolve("data/containers")).isEmptyDirectory();
        assertThat(tasks.describe(task).stoppedReason()).isEqualTo("enough");
    }

    @Test
    void aTaskWhoseAgentCannotStartEndsLikeOne() {
        var task = start("");

        EcsTasks.until(
                "the task has stopped", () -> tasks.describe(task).lastStatus().equals("STOPPED"));

        assertThat(tasks.describe(task).stopCodeAsString()).isEqualTo("EssentialContainerExited");
        assertThat(tasks.describe(task).containers().getFirst().exitCode()).isEqualTo(1);
    }

    private LedgerEntry entry() {
        return account.emulator().ledger().started().getFirst();
    }

    private Task start(String bridgeKey) {
        return tasks.start(
                "workspace",
                Map.of("AGENT_BRIDGE_KEY", bridgeKey, "AGENT_BRIDGE_URL", "http://127.0.0.1:9"));
    }

    private boolean answers(ContainerRef ref, Address address) {
        try {
            agents.ping(ref, address);
            return true;
        } catch (AgentException e) {
            return false;
        }
    }

    private static Path root() {
        var folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve("runtime-agent/bin/run-agent"))) {
            folder = folder.getParent();
        }
        return Objects.requireNonNull(folder, "not run inside the project");
    }
}
