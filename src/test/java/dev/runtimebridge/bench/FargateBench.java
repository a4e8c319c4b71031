package dev.runtimebridge.bench;

import dev.runtimebridge.emulator.region.LedgerEntry;
import dev.runtimebridge.store.DatabaseSettings.Limits;
import dev.runtimebridge.telemetry.Logging;
import dev.runtimebridge.testing.MariaDbServer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Launches on Fargate: the whole bridge in a process of its own and the real SDK against the
 * emulator, where a task provisions for 2 s, has its interface at 3 s and its agent up at 4 s.
 * Beside it a model of the first bridge on an emulator of its own. Draws what it saw.
 */
public final class FargateBench {
    private static final String SESSIONS = "sessions";
    private static final String CRASH = "crash";
    private static final Set<String> OTHERS = Set.of(SESSIONS, CRASH);
    private static final int SINGLES = 10;
    private static final Duration AGENT_UP = Duration.ofSeconds(4);
    private static final int AT_ONCE = 100;
    private static final int TASKS_PER_SECOND = 20;

    /** A bridge of an hour or a day: its compilers have seen all of a launch. */
    private static final int MANY_ROUNDS = 15;

    private FargateBench() {}

    /** Takes the parts to run: numbers of launches at once, sessions, crash. */
    public static void main(String[] arguments) {
        var all = List.of("1", "100", "1000", SESSIONS, CRASH);
        var parts = arguments.length > 0 ? List.of(arguments) : all;
        run(
                () -> {
                    onOneBridge(parts);
                    for (var part : parts) {
                        switch (part) {
                            case SESSIONS -> sessions();
                            case CRASH -> crash(10 * AT_ONCE);
                            default -> {}
                        }
                    }
                });
    }

    /** Ten thousand at once, which take AWS more than eight minutes. */
    public static final class TenThousand {
        private TenThousand() {}

        public static void main(String[] arguments) {
            run(() -> many(10_000));
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void run(Work work) {
        try {
            Logging.toConsole(false);
            work.run();
            System.exit(0);
        } catch (Exception | Error e) {
            // What still runs in this JVM would keep it.
            e.printStackTrace();
            System.exit(1);
        }
    }

    /** On one bridge that has long served. */
    private static void onOneBridge(List<String> parts) throws Exception {
        var counts =
                parts.stream()
                        .filter(part -> !OTHERS.contains(part))
                        .map(Integer::parseInt)
                        .toList();
        if (counts.isEmpty()) {
            return;
        }
        var measured = new LinkedHashMap<Integer, Launched>();
        try (var run = new FargateRun(1, MANY_ROUNDS)) {
            for (int count : counts) {
                if (count == 1) {
                    singles(run);
                } else {
                    var launched = together(run, count);
                    var waited = percentile(launched.waited(), 99);
                    print(run, count + ": ready minus agent up, p99", waited, "ms", "<= 250");
                    measured.put(count, launched);
                    run.endAll(List.of(launched));
                }
            }
        }
        // By itself: it would have the agents' addresses in common with ours.
        for (int count : counts) {
            var first = FirstBridge.run(count);
            if (measured.containsKey(count)) {
                draw(count, measured.get(count), first);
            }
        }
    }

    private static void singles(FargateRun run) throws Exception {
        var all = new ArrayList<Launched>();
        run.rest();
        for (int i = 0; i < SINGLES; i++) {
            all.add(run.launch(1));
        }
        var times = all.stream().flatMap(each -> each.waited().stream()).toList();
        print(run, "1: calls per launch", run.callsPerLaunch(SINGLES), "calls", "<= 3");
        print(run, "1: ready minus agent up, slowest", percentile(times, 100), "ms", "<= 25");
        run.tellCalls("1 after the other, " + SINGLES + " times");
        System.out.println("1: ready minus agent up, ms: " + times);
        run.endAll(all);
    }

    private static Launched together(FargateRun run, int count) throws Exception {
        run.rest();
        var launched = run.launch(count);
        double over = (launched.ready().getLast() - floor(count)) * 1e3;
        double allowed = Math.max(0.02 * floor(count) * 1e3, 250);
        print(run, count + ": calls per launch", run.callsPerLaunch(count), "calls", "<= 0.2");
        print(run, count + ": throttled calls", run.throttled(), "calls", "<= 0");
        print(run, count + ": last user ready, over the floor", over, "ms", "<= " + allowed);
        run.tellCalls(count + " at once");
        tell(count, launched);
        return launched;
    }

    /**
     * On a server, which a bridge of so many has, so that its heap holds nothing of the database.
     */
    private static void many(int count) throws Exception {
        try (var server = MariaDbServer.start();
                var run = new FargateRun(server.newDatabase(Limits.of(10)))) {
            long before = run.liveHeapBytes();
            var launched = together(run, count);
            double grown = (run.liveHeapBytes() - before) / 1e6;
            print(run, count + ": heap of tracked containers", grown, "MB", "<= 20");
            draw(count, launched, List.of());
        }
    }

    /** Seconds until the last of so many agents can be up. */
    private static double floor(int count) {
        return AGENT_UP.toSeconds() + pace(count - 1);
    }

    /** Seconds until AWS takes the nth task, from 0. */
    private static double pace(int nth) {
        return Math.max(0, nth + 1 - AT_ONCE) / (double) TASKS_PER_SECOND;
    }

    /** Where the time went, for who wants to know. */
    private static void tell(int count, Launched launched) {
        var behind =
                IntStream.of(0, AT_ONCE - 1, AT_ONCE, count / 2, count - 1)
                        .filter(nth -> nth < count)
                        .distinct()
                        .mapToObj(
                                nth ->
                                        "%d: %.0f"
                                                .formatted(
                                                        nth + 1,
                                                        (launched.asked().get(nth) - pace(nth))
                                                                * 1e3))
                        .collect(Collectors.joining(", "));
        System.out.printf(
                "%d at once: tasks asked for, ms after AWS would have taken them: %s; ready minus"
                        + " agent up: p50 %.0f ms, p99 %.0f ms, slowest %.0f ms%n",
                count,
                behind,
                percentile(launched.waited(), 50),
                percentile(launched.waited(), 99),
                percentile(launched.waited(), 100));
    }

    private static void draw(int count, Launched launched, List<Double> first) throws Exception {
        var floor =
                IntStream.range(0, count)
                        .mapToObj(nth -> AGENT_UP.toSeconds() + pace(nth))
                        .toList();
        var chart =
                new Chart(
                        count + " launches at once on Fargate, emulated",
                        "seconds since the first request",
                        "launches",
                        List.of(
                                new Chart.Series("AWS can have it up", floor),
                                new Chart.Series("agent up", launched.up()),
                                new Chart.Series("user served", launched.ready()),
                                new Chart.Series("the first bridge's users", first)));
        var folder = Path.of(System.getProperty("bench.folder", "target/bench"));
        System.out.println("drawn in " + chart.write(folder.resolve("fargate-" + count + ".svg")));
    }

    /** What is paid for a hundred sessions of ten minutes, in emulated time. */
    private static void sessions() throws Exception {
        var session = Duration.ofMinutes(10);
        try (var run = new FargateRun(10, FargateRun.FEW_ROUNDS)) {
            int before = run.emulator().ledger().started().size();
            var launched = run.launch(AT_ONCE);
            run.clock().pause(session);
            run.endAll(List.of(launched));
            double useful = session.toSeconds() * AT_ONCE;
            double billed =
                    run.emulator().ledger().started().stream()
                            .skip(before)
                            .map(LedgerEntry::billed)
                            .mapToLong(Duration::toSeconds)
                            .sum();
            print(
                    run,
                    "sessions of 10 min: billed per useful second",
                    billed / useful,
                    "s",
                    "<= 1.1");
        }
    }

    /**
     * Kill -9 in the middle of it, on a database that keeps what it has acknowledged: the embedded
     * one may lose its last commits.
     */
    private static void crash(int count) throws Exception {
        try (var server = MariaDbServer.start();
                var run = new FargateRun(server.newDatabase(Limits.of(10)))) {
            var crashed = run.crash(count, Duration.ofMillis((long) (pace(count - 1) * 500)));
            double over = crashed.launched().ready().getLast() - floor(count);
            System.out.printf(
                    "kill -9 amid %d: the next bridge answered after %.1f s, its JVM's start"
                            + " included%n",
                    count, crashed.down());
            print(
                    run,
                    "kill -9 amid " + count + ": from its answering to reconciling",
                    crashed.idle(),
                    "s",
                    "<= 2");
            print(run, "kill -9 amid " + count + ": all ready, over the floor", over, "s", "<= 5");
            print(
                    run,
                    "kill -9 amid " + count + ": tasks started twice",
                    crashed.started() - count,
                    "tasks",
                    "<= 0");
            print(
                    run,
                    "kill -9 amid " + count + ": tasks that nobody has",
                    crashed.running() - count,
                    "tasks",
                    "<= 0");
            print(
                    run,
                    "kill -9 amid " + count + ": throttled calls",
                    run.throttled(),
                    "calls",
                    "<= 0");
        }
    }

    private static void print(
            FargateRun run, String measure, double ours, String unit, String mark) {
        new Measure("fargate", measure, ours, null, unit, mark, run.database(), "fargate, emulated")
                .print();
    }

    private static double percentile(List<Double> values, int percent) {
        var sorted = values.stream().sorted().toList();
        return sorted.get((sorted.size() - 1) * percent / 100);
    }
}
