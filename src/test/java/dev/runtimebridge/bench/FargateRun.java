package dev.runtimebridge.bench;

import dev.runtimebridge.emulator.Emulator;
import dev.runtimebridge.emulator.region.LedgerEntry;
import dev.runtimebridge.emulator.region.ScaledClock;
import dev.runtimebridge.emulator.script.Scenario;
import dev.runtimebridge.emulator.stub.StubAgents;
import dev.runtimebridge.emulator.wire.Calls;
import dev.runtimebridge.store.DatabaseSettings;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A bridge in a process of its own, an account with the quotas of a new one that takes 10 ms for
 * each call, and users; all new, and warm. All times are the account's.
 */
final class FargateRun implements AutoCloseable {
    static final int AGENT_PORT = 8000;

    /** Enough for what the first launches of a process need. */
    static final int FEW_ROUNDS = 3;

    private static final int WARM_UP = 100;
    private static final int IMAGE = 1;
    private static final List<String> LAUNCH_PATH =
            List.of("ecs:RunTask", "ecs:DescribeTasks", "ec2:DescribeNetworkInterfaces");

    private final String database;
    private final ScaledClock clock;
    private final StubAgents agents;
    private final Emulator emulator;
    private RealBridge bridge;
    private Launches users;
    private int user;

    /**
     * On the embedded database.
     *
     * @param scale emulated seconds in a real one; the bridge is told rates that are so much higher
     * @param rounds of a hundred launches before anything is measured
     */
    FargateRun(int scale, int rounds) throws Exception {
        this(scale, rounds, "h2", Map.of());
    }

    /** On a database server, in the account's own time. */
    FargateRun(DatabaseSettings database) throws Exception {
        this(1, FEW_ROUNDS, "mariadb", RealBridge.values(database));
    }

    private FargateRun(int scale, int rounds, String database, Map<String, String> its)
            throws Exception {
        this.database = database;
        clock = new ScaledClock(scale, InstantSource.system());
        agents = new StubAgents(clock, AGENT_PORT);
        emulator = Emulator.start(script(scale), clock, agents, 0);
        var settings = new HashMap<>(settings(emulator));
        settings.put("PORT", Integer.toString(freePort()));
        settings.putAll(rates(scale));
        settings.putAll(its);
        bridge = RealBridge.serve(command -> command, settings);
        users = users();
        users.changeImage(IMAGE, "{\"task_definition\": \"workspace:1\"}");
        for (int round = 0; round < rounds; round++) {
            endAll(List.of(launch(WARM_UP)));
        }
        rest();
    }

    /** The account that both bridges are measured on. */
    static Scenario script(int scale) {
        return Scenario.usual().with("scale: " + scale + "\nlatency: 10ms");
    }

    /** What a bridge must be told to use it. */
    static Map<String, String> settings(Emulator emulator) {
        return Map.of(
                "PROVIDER", "fargate",
                "AWS_REGION", emulator.script().scenario().region(),
                "AWS_ENDPOINT_URL", emulator.endpoint().toString(),
                "AWS_ACCESS_KEY_ID", "AKIAEMULATED",
                "AWS_SECRET_ACCESS_KEY", "none",
                "CLUSTER_NAME", "bridge",
                "CONTAINER_SUBNETS", "subnet-a,subnet-b",
                "CONTAINER_SECURITY_GROUP", "sg-agents",
                "AGENT_PORT", Integer.toString(AGENT_PORT));
    }

    /** The account counts emulated seconds, the bridge real ones. */
    static Map<String, String> rates(int scale) {
        return Map.of(
                "QUOTA_TASKS", "100/" + 20 * scale,
                "QUOTA_RUN_TASK", "20/" + 20 * scale,
                "QUOTA_TASK_WRITES", "100/" + 40 * scale,
                "QUOTA_TASK_READS", "100/" + 20 * scale);
    }

    private static int freePort() throws IOException {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private Launches users() {
        var all = bridge.users();
        all.comeAgainWhenTold();
        all.timedBy(clock);
        return all;
    }

    /** Lets the account rest, so that what follows finds its quotas whole, and counts anew. */
    void rest() throws InterruptedException {
        clock.pause(Duration.ofSeconds(6));
        emulator.calls().reset();
    }

    /** {@code h2}, say. */
    String database() {
        return database;
    }

    Emulator emulator() {
        return emulator;
    }

    RealBridge bridge() {
        return bridge;
    }

    ScaledClock clock() {
        return clock;
    }

    Launched launch(int count) throws Exception {
        int before = emulator.ledger().started().size();
        var from = clock.instant();
        var answers = users.launchAll(names(count), IMAGE);
        return launched(answers, from, before);
    }

    private List<String> names(int count) {
        user += count;
        return IntStream.range(user - count, user).mapToObj(n -> "user-" + n).toList();
    }

    private Launched launched(List<Launches.Answer> answers, Instant from, int before) {
        var all = emulator.ledger().started();
        return Launched.of(answers, all.subList(before, all.size()), from);
    }

    /**
     * What a crash came to.
     *
     * @param down seconds from the kill until the next bridge answered
     * @param idle seconds from then until it called AWS
     */
    record Crashed(Launched launched, double down, double idle, int started, int running) {}

    /**
     * Kills the bridge while so many launch, and starts it anew at once.
     *
     * @param after the first request
     */
    Crashed crash(int count, Duration after) throws Exception {
        int before = emulator.ledger().started().size();
        var from = clock.instant();
        var asked = names(count);
        var launching =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return users.launchAll(asked, IMAGE);
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        Thread::startVirtualThread);
        clock.pause(after);
        bridge.kill();
        var killed = clock.instant();
        var acts = new CompletableFuture<Instant>();
        emulator.calls().watch(call -> acts.complete(clock.instant()));
        bridge = bridge.startAgain();
        var answers = clock.instant();
        double idle = Duration.between(answers, acts.join()).toNanos() / 1e9;
        emulator.calls().watch(call -> {});
        var launched = launched(launching.join(), from, before);
        tellOfSpares(launched, from, killed, answers);
        return new Crashed(
                launched,
                Duration.between(killed, answers).toNanos() / 1e9,
                Math.max(0, idle),
                emulator.ledger().started().size() - before,
                (int) emulator.ledger().running().stream().filter(LedgerEntry::goesOn).count());
    }

    /** When what nobody has was asked for, and by whom. */
    private void tellOfSpares(Launched launched, Instant from, Instant killed, Instant restarted) {
        var used = launched.answers().stream().map(Launches.Answer::ip).collect(Collectors.toSet());
        emulator.ledger().running().stream()
                .filter(task -> !used.contains(task.address().orElse("")))
                .collect(
                        Collectors.groupingBy(
                                task -> task.askedAt() + " " + task.clientToken(),
                                Collectors.counting()))
                .forEach(
                        (when, count) ->
                                System.out.printf(
                                        "%d that nobody has, asked for at %s; first request %s,"
                                                + " killed %s, answered again %s%n",
                                        count, when, from, killed, restarted));
    }

    /** Without those that end containers and those that look at containers in use. */
    double callsPerLaunch(int launches) {
        long all = LAUNCH_PATH.stream().mapToLong(a -> emulator.calls().of(a).all()).sum();
        return (all - emulator.calls().sweeps()) / (double) launches;
    }

    double throttled() {
        return emulator.calls().counts().values().stream()
                .mapToLong(count -> count.throttled())
                .sum();
    }

    void tellCalls(String what) {
        var counts = new ArrayList<String>();
        emulator.calls().counts().forEach((name, c) -> counts.add(name + " " + told(c)));
        System.out.println(
                "%s: %s; of the DescribeTasks, sweeps %d"
                        .formatted(what, String.join(", ", counts), emulator.calls().sweeps()));
    }

    private static String told(Calls.Count count) {
        return count.throttled() == 0
                ? Long.toString(count.all())
                : "%d (throttled %d)".formatted(count.all(), count.throttled());
    }

    /** Ends them and waits until nothing runs. */
    void endAll(List<Launched> all) throws Exception {
        for (var launched : all) {
            for (var answer : launched.answers()) {
                users.stop(answer);
            }
        }
        await(() -> emulator.ledger().running().isEmpty());
    }

    /** Bytes of live objects in the bridge's heap, while no user is connected. */
    long liveHeapBytes() throws IOException, InterruptedException {
        users.close();
        users = users();
        return Command.liveHeapBytes(bridge.pid());
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    @Override
    public void close() {
        users.close();
        bridge.close();
        emulator.close();
        agents.close();
        clock.close();
    }
}
