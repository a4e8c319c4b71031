package dev.runtimebridge.bench;

import dev.runtimebridge.BridgeInProcess;
import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.ContainerId;
import dev.runtimebridge.config.Development;
import dev.runtimebridge.config.KeyMaterial;
import dev.runtimebridge.emulator.Emulator;
import dev.runtimebridge.emulator.region.LedgerEntry;
import dev.runtimebridge.emulator.region.ScaledClock;
import dev.runtimebridge.emulator.script.Scenario;
import dev.runtimebridge.emulator.stub.StubAgents;
import dev.runtimebridge.fleet.Container;
import dev.runtimebridge.store.Database;
import dev.runtimebridge.store.DatabaseSettings;
import dev.runtimebridge.store.DatabaseSettings.Limits;
import dev.runtimebridge.store.SqlClaims;
import dev.runtimebridge.store.SqlFleet;
import dev.runtimebridge.telemetry.Logging;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Launches on Fargate: the whole bridge and the real SDK against the emulator, which has the quotas
 * of a new account and takes 10 ms for each call; a task provisions for 2 s, has its interface at 3
 * s and its agent up at 4 s. Beside it a model of the first bridge on an emulator of its own.
 */
public final class FargateBench {
    private static final int WARM_UP = 30;
    private static final int SINGLES = 10;
    static final int AGENT_PORT = 8000;
    private static final int IMAGE = 1;
    private static final Duration AGENT_UP = Duration.ofSeconds(4);
    private static final int AT_ONCE = 100;
    private static final int TASKS_PER_SECOND = 20;
    private static final List<String> LAUNCH_PATH =
            List.of("ecs:RunTask", "ecs:DescribeTasks", "ec2:DescribeNetworkInterfaces");

    private FargateBench() {}

    /** Takes how many launch at once; without an argument 1, 100 and 1,000. */
    public static void main(String[] arguments) {
        try {
            run(arguments);
            System.exit(0);
        } catch (Exception | Error e) {
            // What still runs in this JVM would keep it.
            e.printStackTrace();
            System.exit(1);
        }
    }

    private static void run(String[] arguments) throws Exception {
        try (var run = new Run(1)) {
            run.launch(WARM_UP);
        }
        if (arguments.length > 0) {
            together(Integer.parseInt(arguments[0]));
        } else {
            singles();
            together(AT_ONCE);
            together(10 * AT_ONCE);
            sessions();
        }
    }

    private static void singles() throws Exception {
        try (var run = new Run(1)) {
            var times = new ArrayList<Double>();
            for (int i = 0; i < SINGLES; i++) {
                times.addAll(run.launch(1).readyAfterAgentsMs());
            }
            print("1: calls per launch", run.callsPerLaunch(SINGLES), "calls", "<= 3");
            print("1: ready minus agent up, slowest", percentile(times, 100), "ms", "<= 25");
            run.tellCalls("1 after the other, " + SINGLES + " times");
        }
    }

    private static void together(int count) throws Exception {
        try (var run = new Run(1)) {
            var launched = run.launch(count);
            var floor =
                    AGENT_UP.plusMillis(1_000L * Math.max(0, count - AT_ONCE) / TASKS_PER_SECOND);
            double over = launched.lasted().minus(floor).toMillis();
            double allowed = Math.max(0.02 * floor.toMillis(), 250);
            print(count + ": calls per launch", run.callsPerLaunch(count), "calls", "<= 0.2");
            print(count + ": throttled calls", run.throttled(), "calls", "<= 0");
            print(count + ": last user ready, over the floor", over, "ms", "<= " + allowed);
            print(
                    count + ": ready minus agent up, p99",
                    percentile(launched.readyAfterAgentsMs(), 99),
                    "ms",
                    "<= 250");
            run.tellCalls(count + " at once");
        }
        FirstBridge.run(count);
    }

    /** What is paid for a hundred sessions of ten minutes, in emulated time. */
    private static void sessions() throws Exception {
        int scale = 10;
        var session = Duration.ofMinutes(10);
        try (var run = new Run(scale)) {
            var launched = run.launch(AT_ONCE);
            run.endAfter(session, launched);
            double useful = session.toMillis() / 1e3 * AT_ONCE;
            double billed =
                    run.emulator.ledger().started().stream()
                            .map(LedgerEntry::billed)
                            .mapToLong(Duration::toSeconds)
                            .sum();
            print("sessions of 10 min: billed per useful second", billed / useful, "s", "<= 1.1");
        }
    }

    private static void print(String measure, double ours, String unit, String mark) {
        new Measure("fargate", measure, ours, null, unit, mark, "h2", "fargate, emulated").print();
    }

    private static double percentile(List<Double> values, int percent) {
        var sorted = values.stream().sorted().toList();
        return sorted.get((sorted.size() - 1) * percent / 100);
    }

    /** The account that both are measured on. */
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

    /**
     * Launches that were made together.
     *
     * @param lasted from the first request to the last answer
     * @param readyAfterAgentsMs of each, from when its agent could answer to the response
     */
    private record Launched(
            List<Launches.Answer> answers, Duration lasted, List<Double> readyAfterAgentsMs) {}

    /** A bridge, its account and its users, all new. */
    private static final class Run implements AutoCloseable {
        private final Path folder = Files.createTempDirectory("bench-fargate-");
        private final ScaledClock clock;
        private final StubAgents agents;
        private final Emulator emulator;
        private final BridgeInProcess bridge;
        private final Launches users;
        private int user;

        Run(int scale) throws Exception {
            Logging.toFolder(folder, false);
            clock = new ScaledClock(scale, InstantSource.system());
            agents = new StubAgents(clock, AGENT_PORT);
            emulator = Emulator.start(script(scale), clock, agents, 0);
            var keys = KeyMaterial.readOrCreate(folder, new SecureRandom());
            var values = new HashMap<>(Development.values(Map.of(), folder, 0, keys));
            values.putAll(settings(emulator));
            bridge = BridgeInProcess.start(values);
            users = new Launches(bridge.url(), keys);
            users.comeAgainWhenTold();
            users.changeImage(IMAGE, "{\"task_definition\": \"workspace:1\"}");
        }

        Launched launch(int count) throws Exception {
            user += count;
            var names = IntStream.range(user - count, user).mapToObj(n -> "user-" + n).toList();
            var from = Instant.now();
            var answers = users.launchAll(names, IMAGE);
            var last = answers.stream().map(Launches.Answer::at).max(Instant::compareTo);
            var upAt =
                    emulator.ledger().started().stream()
                            .filter(task -> task.answeredAt().isPresent())
                            .collect(
                                    Collectors.toMap(
                                            LedgerEntry::arn, it -> it.answeredAt().orElseThrow()));
            var times = new ArrayList<Double>();
            try (var database = new Database(DatabaseSettings.embedded(folder, Limits.of(2)))) {
                var arns = arnsByContainer(database);
                var claims = new SqlClaims(database);
                for (var answer : answers) {
                    var claim = claims.find(new AllocationId(answer.id())).orElseThrow();
                    var arn = arns.get(claim.allocation().container().orElseThrow());
                    times.add(Duration.between(upAt.get(arn), answer.at()).toNanos() / 1e6);
                }
            }
            return new Launched(answers, Duration.between(from, last.orElseThrow()), times);
        }

        private static Map<ContainerId, String> arnsByContainer(Database database) {
            return new SqlFleet(database)
                    .live("fargate").stream()
                            .filter(container -> container.ref().isPresent())
                            .collect(
                                    Collectors.toMap(
                                            Container::id,
                                            container -> container.ref().orElseThrow().value()));
        }

        double callsPerLaunch(int launches) {
            return LAUNCH_PATH.stream().mapToLong(a -> emulator.calls().of(a).all()).sum()
                    / (double) launches;
        }

        double throttled() {
            return emulator.calls().counts().values().stream()
                    .mapToLong(count -> count.throttled())
                    .sum();
        }

        void tellCalls(String what) {
            var counts = new ArrayList<String>();
            emulator.calls().counts().forEach((name, c) -> counts.add(name + " " + c.all()));
            System.out.println(what + ": " + String.join(", ", counts));
        }

        /** Each user's session ends so long after it began, in emulated time. */
        void endAfter(Duration session, Launched launched) throws Exception {
            clock.pause(session);
            for (var answer : launched.answers()) {
                users.stop(answer);
            }
            while (!emulator.ledger().running().isEmpty()) {
                clock.pause(Duration.ofSeconds(1));
            }
        }

        @Override
        public void close() {
            users.close();
            bridge.close();
            emulator.close();
            agents.close();
            clock.close();
            RealBridge.remove(folder);
        }
    }
}
