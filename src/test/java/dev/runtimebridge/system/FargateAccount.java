package dev.runtimebridge.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.emulator.Emulator;
import dev.runtimebridge.emulator.region.LedgerEntry;
import dev.runtimebridge.emulator.region.ScaledClock;
import dev.runtimebridge.emulator.script.CallFault;
import dev.runtimebridge.emulator.script.Delay;
import dev.runtimebridge.emulator.script.Scenario;
import dev.runtimebridge.emulator.stub.StubAgents;
import dev.runtimebridge.store.Database;
import dev.runtimebridge.store.SqlFleet;
import dev.runtimebridge.testing.MariaDbServer;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An emulated account in this JVM, and bridges in processes of their own that share it and a
 * database on a real server.
 */
final class FargateAccount implements AutoCloseable {
    final ScaledClock clock = new ScaledClock(1, InstantSource.system());
    final StubAgents agents = new StubAgents(clock, 8000);
    final Emulator aws;
    final Deployment deployment = new Deployment(MariaDbServer.shared());
    final Database database = deployment.openDatabase();
    private final Path folder;
    private final List<BridgeProcess> bridges = new ArrayList<>();

    FargateAccount(Path folder, UnaryOperator<Scenario> how) {
        this.folder = folder;
        this.aws = Emulator.start(how.apply(Scenario.usual()), clock, agents, 0);
        deployment.onFargate(aws);
    }

    /** A bridge of this name; one that had the name before must have ended. */
    BridgeProcess bridge(String name) throws IOException {
        var bridge = deployment.bridge(folder.resolve(name));
        bridges.add(bridge);
        bridge.url();
        return bridge;
    }

    /** The first bridge, with an image that runs. */
    BridgeProcess firstBridge() throws IOException {
        var bridge = bridge("first");
        var changed =
                deployment
                        .administrator(bridge)
                        .changeImage("{\"task_definition\": \"workspace:1\"}");
        assertThat(changed.status()).as(changed.body()).isEqualTo(200);
        return bridge;
    }

    List<UserOfTheApi> users(BridgeProcess bridge, int count) {
        return IntStream.range(0, count)
                .mapToObj(n -> deployment.user(bridge, "user-" + n))
                .toList();
    }

    /** All launch at once and wait for nothing. */
    void askedForBy(List<UserOfTheApi> users) {
        var asked = users.stream().map(user -> user.launchLater("respond-async")).toList();
        for (var answer : asked) {
            assertThat(answer.join().status()).as(answer.join().body()).isIn(200, 202);
        }
    }

    /** All launch, and again where they are told to come again, until each has a container. */
    static List<UserOfTheApi.Answer> served(List<UserOfTheApi> users) {
        var answers =
                users.stream()
                        .map(
                                user ->
                                        CompletableFuture.supplyAsync(
                                                () -> served(user), Thread::startVirtualThread))
                        .toList();
        return answers.stream().map(CompletableFuture::join).toList();
    }

    private static UserOfTheApi.Answer served(UserOfTheApi user) {
        var answer = user.launch();
        while (answer.status() != 200) {
            assertThat(answer.retryAfterSeconds()).as(answer.body()).isPresent();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            answer = user.launch();
        }
        return answer;
    }

    List<LedgerEntry> started() {
        return aws.ledger().started();
    }

    /** What AWS would bill for and nobody has told to end. */
    Set<String> running() {
        return aws.ledger().running().stream()
                .filter(task -> task.stopCode().isEmpty())
                .map(LedgerEntry::arn)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What the database says runs. */
    Set<String> rows() {
        return new SqlFleet(database)
                .live("fargate").stream()
                        .flatMap(container -> container.ref().stream())
                        .map(ref -> ref.value())
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    void add(CallFault.Kind kind, String action) {
        aws.script().add(CallFault.of(action, kind, 0));
    }

    /** The next call of this action never gets an answer while its caller lives. */
    void neverAnswers(String action) {
        aws.script().add(CallFault.slow(action, 0, Delay.parse("30s")));
    }

    long calls(String action) {
        return aws.calls().of(action).all();
    }

    static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    @Override
    public void close() {
        bridges.forEach(BridgeProcess::close);
        aws.close();
        agents.close();
        clock.close();
        database.close();
    }
}
