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

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.Task;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/** Emulated tasks that are real agents, started by the real SDK. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LocalTasksTest {
    private static final int AGENT_PORT = 8000;
    private static final Secret API_KEY = new Secret("an-api-key-for-this-test");

    @TempDir private Path temporary;
    private BridgeKey key;
    private HttpAgentClient agents;
    private EmulatedAccount account;
    private EcsClient ecs;

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
        ecs =
                EcsClient.builder()
                        .httpClient(Apache5HttpClient.create())
                        .endpointOverride(account.emulator().endpoint())
                        .region(Region.EU_CENTRAL_1)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create("EMULATED", "emulated")))
                        .build();
    }

    @AfterEach
    void close() {
        ecs.close();
        account.close();
        agents.close();
    }

    @Test
    void anAgentNamesItsTaskObeysItsBridgeAndEndsWithItsTask() {
        var task = start(key.forAgents());
        var ref = new ContainerRef(task.taskArn());

        until("the task runs", () -> describe(task).lastStatus().equals("RUNNING"));
        var address = new Address(address(describe(task)), AGENT_PORT);
        until("its agent answers", () -> answers(ref, address));
        until("the ledger knows", () -> entry().answeredAt().isPresent());
        assertThat(entry().answeredAt().orElseThrow()).isAfter(entry().askedAt());
        var credentials = agents.init(ref, address, API_KEY);
        assertThat(credentials.user()).isEqualTo("together");

        ecs.stopTask(which -> which.cluster("bridge").task(task.taskArn()).reason("enough"));
        until("the task has stopped", () -> describe(task).lastStatus().equals("STOPPED"));

        assertThat(answers(ref, address)).isFalse();
        assertThat(temporary.resolve("data/containers")).isEmptyDirectory();
        assertThat(describe(task).stoppedReason()).isEqualTo("enough");
    }

    @Test
    void aTaskWhoseAgentCannotStartEndsLikeOne() {
        var task = start("");

        until("the task has stopped", () -> describe(task).lastStatus().equals("STOPPED"));

        assertThat(describe(task).stopCodeAsString()).isEqualTo("EssentialContainerExited");
        assertThat(describe(task).containers().getFirst().exitCode()).isEqualTo(1);
    }

    private LedgerEntry entry() {
        return account.emulator().ledger().started().getFirst();
    }

    private Task start(String bridgeKey) {
        return ecs.runTask(
                        it ->
                                it.cluster("bridge")
                                        .taskDefinition("workspace")
                                        .launchType(LaunchType.FARGATE)
                                        .networkConfiguration(
                                                network ->
                                                        network.awsvpcConfiguration(
                                                                vpc -> vpc.subnets("subnet-a")))
                                        .overrides(
                                                all ->
                                                        all.containerOverrides(
                                                                ContainerOverride.builder()
                                                                        .name("workspace")
                                                                        .environment(
                                                                                variable(
                                                                                        "AGENT_BRIDGE_KEY",
                                                                                        bridgeKey),
                                                                                variable(
                                                                                        "AGENT_BRIDGE_URL",
                                                                                        "http://127.0.0.1:9"))
                                                                        .build())))
                .tasks()
                .getFirst();
    }

    private Task describe(Task task) {
        return ecs.describeTasks(which -> which.cluster("bridge").tasks(task.taskArn()))
                .tasks()
                .getFirst();
    }

    private static String address(Task task) {
        return task.containers().getFirst().networkInterfaces().getFirst().privateIpv4Address();
    }

    private boolean answers(ContainerRef ref, Address address) {
        try {
            agents.ping(ref, address);
            return true;
        } catch (AgentException e) {
            return false;
        }
    }

    private static KeyValuePair variable(String name, String value) {
        return KeyValuePair.builder().name(name).value(value).build();
    }

    private static Path root() {
        var folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve("runtime-agent/bin/run-agent"))) {
            folder = folder.getParent();
        }
        return Objects.requireNonNull(folder, "not run inside the project");
    }

    /** Asks ten times a second: more would empty the emulated buckets. */
    private static void until(String what, BooleanSupplier reached) {
        var deadline = Instant.now().plusSeconds(60);
        while (!reached.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(deadline);
            try {
                Thread.sleep(Duration.ofMillis(100));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
