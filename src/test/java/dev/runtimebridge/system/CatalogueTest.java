package dev.runtimebridge.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.BridgeInProcess;
import dev.runtimebridge.config.Development;
import dev.runtimebridge.config.KeyMaterial;
import dev.runtimebridge.fleet.Container;
import dev.runtimebridge.fleet.ContainerState;
import dev.runtimebridge.store.Database;
import dev.runtimebridge.store.DatabaseSettings;
import dev.runtimebridge.store.SqlFleet;
import dev.runtimebridge.testing.FakeProvider;
import dev.runtimebridge.testing.StubAgent;
import dev.runtimebridge.testing.StubAgents;
import dev.runtimebridge.testing.TestDatabases;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * The catalogue changed from the command line while the whole bridge runs, on the fake provider.
 */
@Timeout(120)
class CatalogueTest {
    private static final Duration LONGEST = Duration.ofSeconds(30);

    @TempDir private Path folder;

    private final StubAgents agents = new StubAgents();
    private final FakeProvider provider = new FakeProvider(InstantSource.system(), agents);
    private Path data;
    private BridgeInProcess bridge;
    private Database database;

    @BeforeEach
    void start() throws Exception {
        data = folder.resolve("data");
        java.nio.file.Files.createDirectory(data);
        var keys = KeyMaterial.readOrCreate(data, new SecureRandom());
        var values = new HashMap<>(Development.values(Map.of(), data, 0, keys));
        values.put("SURPLUS_KEPT_FOR", "1h");
        provider.offerOnly(image -> !image.run().localCommand().isEmpty());
        bridge = BridgeInProcess.start(values, provider);
        database = new Database(DatabaseSettings.embedded(data, TestDatabases.limits()));
    }

    @AfterEach
    void end() {
        database.close();
        bridge.close();
        agents.close();
    }

    @Test
    void aReadyContainerOfAnEarlierRevisionServesNoNewLaunchAndOneInUseStays() throws Exception {
        var alice = user("alice");
        var hers = alice.launch().text("id");
        aReadyContainerThatIsNobodys();
        assertThat(user("bob").launch().status()).isEqualTo(200);
        assertThat(provider.started()).as("bob got the one that was there").hasSize(2);
        aReadyContainerThatIsNobodys();
        var old = provider.started().getLast().ref();

        assertThat(images("change", "python", "--memory-mib", "1024"))
                .startsWith("1\tPython 3\tpython\t2\t250\t1024\t");
        assertThat(user("dave").launch().status()).isEqualTo(200);

        assertThat(provider.started()).hasSize(4);
        assertThat(provider.started().getLast().image().size().memoryMebibytes()).isEqualTo(1024);
        await(() -> !provider.stopped().isEmpty());
        assertThat(provider.stopped())
                .singleElement()
                .satisfies(
                        stopped -> {
                            assertThat(stopped.ref()).isEqualTo(old);
                            assertThat(stopped.stoppedBecause()).contains("its image has changed");
                        });
        assertThat(alice.launch().text("id")).isEqualTo(hers);
        assertThat(alice.get("/api/containers").text("containers")).isNotNull();
        assertThat(provider.running()).hasSize(3);
    }

    @Test
    void aChangeOfThePriceLeavesAReadyContainerInSupply() throws Exception {
        aReadyContainerThatIsNobodys();

        assertThat(images("change", "1", "--price-usd-per-hour", "0.0123425"))
                .contains("\t0.0123425\t");
        assertThat(user("bob").launch().status()).isEqualTo(200);

        assertThat(provider.started()).hasSize(1);
        assertThat(provider.stopped()).isEmpty();
    }

    @Test
    void anImageIsAddedLaunchedAndSwitchedOffAgain() throws Exception {
        var added =
                images(
                        "add",
                        "--name",
                        "Kotlin 2",
                        "--language",
                        "kotlin",
                        "--local-command",
                        "kotlinc",
                        "--cpu-millis",
                        "500",
                        "--memory-mib",
                        "1024");
        assertThat(added).startsWith("10\tKotlin 2\tkotlin\t1\t500\t1024\tx86_64\t0\tavailable\t");
        assertThat(run("launch", "--image", "kotlin").status()).isZero();

        images("disable", "kotlin");
        assertThat(run("launch", "--image", "kotlin").status())
                .as("the one in use can be used on")
                .isZero();
        run("stop", "--image", "kotlin");
        var refused = run("launch", "--image", "kotlin");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).isEqualTo("bridge: Kotlin 2 is switched off\n");

        images("enable", "kotlin");
        assertThat(run("launch", "--image", "kotlin").status()).isZero();
    }

    @Test
    void whoeverIsNoAdministratorIsToldWhatIsMissing() throws Exception {
        var refused =
                BridgeProcess.run(
                        data,
                        Map.of("BRIDGE_TOKEN", user("alice").token()),
                        "images",
                        "--url",
                        bridge.url().toString());
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).isEqualTo("bridge: this is for users with the role admin\n");
    }

    /** Somebody launches and stops it before the agent can answer: then it is in nobody's use. */
    private void aReadyContainerThatIsNobodys() throws Exception {
        agents.comeUp(StubAgent.Behaviour.SERVER_ERROR);
        var carol = user("carol");
        var id = carol.launchLater("respond-async").join().text("id");
        carol.followUntil(id, "starting");
        carol.stop(id);
        carol.followUntil(id, "ended");
        var ref = provider.started().getLast().ref();
        await(() -> isOpen(ref));
        agents.of(ref).behave(StubAgent.Behaviour.WELL);
        agents.comeUp(StubAgent.Behaviour.WELL);
        await(() -> ready().size() == 1);
    }

    private boolean isOpen(dev.runtimebridge.provider.ContainerRef ref) {
        try {
            agents.of(ref);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private List<Container> ready() {
        return new SqlFleet(database)
                .view(Set.of()).containers().stream()
                        .filter(container -> container.state() == ContainerState.READY)
                        .toList();
    }

    private UserOfTheApi user(String name) throws Exception {
        return new UserOfTheApi(bridge.url(), UserOfTheApi.jwtSecret(data), name);
    }

    /** Runs {@code ./bridge images} and returns what it printed. */
    private String images(String... arguments) throws Exception {
        var all = new ArrayList<>(List.of("images"));
        all.addAll(List.of(arguments));
        var end = run(all.toArray(String[]::new));
        assertThat(end.err()).isEmpty();
        assertThat(end.status()).isZero();
        return end.out();
    }

    private BridgeProcess.End run(String... arguments) throws Exception {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--url", bridge.url().toString(), "--data", data.toString()));
        return BridgeProcess.run(data, Map.of(), all.toArray(String[]::new));
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("what was awaited did not happen")
                    .isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }
}
