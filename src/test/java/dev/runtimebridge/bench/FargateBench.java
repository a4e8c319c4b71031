package dev.runtimebridge.bench;

import dev.runtimebridge.emulator.region.LedgerEntry;
import dev.runtimebridge.store.DatabaseSettings.Limits;
import dev.runtimebridge.telemetry.Logging;
import dev.runtimebridge.testing.MariaDbServer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Launches on Fargate: the whole bridge in a process of its own and the real SDK against the
 * emulator, where a task provisions for 2 s, has its interface at 3 s and its agent up at 4 s.
 * Beside it a model of the first bridge on an emulator of its own. Draws what it saw.
 */
public final class FargateBench {
    private static final int SINGLES = 10;
    private static final Duration AGENT_UP = Duration.ofSeconds(4);
    private static final int AT_ONCE = 100;
    private static final int TASKS_PER_SECOND = 20;
    private static final int TEN_THOUSAND = 10_000;

    /** Ten thousand take AWS more than eight minutes. */
    private static final int SCALE_OF_THE_MANY = 5;

    private FargateBench() {}

    /** Takes the parts to run: numbers of launches at once, sessions, crash. */
    public static void main(String[] arguments) {
        try {
            Logging.toConsole(false);
            var all = List.of("1", "100", "1000", "10000", "sessions", "crash");
            for (var part : arguments.length > 0 ? List.of(arguments) : all) {
                run(part);
            }
            System.exit(0);
        } catch (Exception | Error e) {
            // What still runs in this JVM would keep it.
            e.printStackTrace();
            System.exit(1);
        }
    }

    private static void run(String part) throws Exception {
        switch (part) {
            case "1" -> singles();
            case "sessions" -> sessions();
            case "crash" -> crash(10 * AT_ONCE);
            case "crash-few" -> crash(3 * AT_ONCE);
            default -> together(Integer.parseInt(part));
        }
    }

    private static void singles() throws Exception {
        try (var run = new FargateRun(1)) {
            var times = new ArrayList<Double>();
            for (int i = 0; i < SINGLES; i++) {
                times.addAll(run.launch(1).waited());
            }
            print("1: calls per launch", run.callsPerLaunch(SINGLES), "calls", "<= 3");
            print("1: ready minus agent up, slowest", percentile(times, 100), "ms", "<= 25");
            run.tellCalls("1 after the other, " + SINGLES + " times");
        }
        FirstBridge.run(1);
    }

    private static void together(int count) throws Exception {
        int scale = count < TEN_THOUSAND ? 1 : SCALE_OF_THE_MANY;
        Launched launched;
        try (var run = new FargateRun(scale)) {
            long before = run.liveHeapBytes();
            launched = run.launch(count);
            double over = (launched.ready().getLast() - floor(count)) * 1e3;
            double allowed = Math.max(0.02 * floor(count) * 1e3, 250);
            print(count + ": calls per launch", run.callsPerLaunch(count), "calls", "<= 0.2");
            print(count + ": throttled calls", run.throttled(), "calls", "<= 0");
            print(count + ": last user ready, over the floor", over, "ms", "<= " + allowed);
            print(
                    count + ": ready minus agent up, p99",
                    percentile(launched.waited(), 99),
                    "ms",
                    "<= 250");
            run.tellCalls(count + " at once");
            tell(count, launched);
            if (count >= TEN_THOUSAND) {
                double grown = (run.liveHeapBytes() - before) / 1e6;
                print(count + ": heap of tracked containers", grown, "MB", "<= 20");
            }
        }
        var first = count < TEN_THOUSAND ? FirstBridge.run(count) : List.<Double>of();
        draw(count, launched, first);
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
                        + " agent up: p50 %.0f ms, slowest %.0f ms%n",
                count,
                behind,
                percentile(launched.waited(), 50),
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
        try (var run = new FargateRun(10)) {
            int before = run.emulator().ledger().started().size();
            var launched = run.launch(AT_ONCE);
            run.clock().pause(session);
            run.endAll(launched);
            double useful = session.toSeconds() * AT_ONCE;
            double billed =
                    run.emulator().ledger().started().stream()
                            .skip(before)
                            .map(LedgerEntry::billed)
                            .mapToLong(Duration::toSeconds)
                            .sum();
            print("sessions of 10 min: billed per useful second", billed / useful, "s", "<= 1.1");
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
            onServer(
                    "kill -9 amid " + count + ": from its answering to reconciling",
                    crashed.idle(),
                    "s",
                    "<= 2");
            onServer("kill -9 amid " + count + ": all ready, over the floor", over, "s", "<= 5");
            onServer(
                    "kill -9 amid " + count + ": tasks started twice",
                    crashed.started() - count,
                    "tasks",
                    "<= 0");
            onServer(
                    "kill -9 amid " + count + ": tasks that nobody has",
                    crashed.running() - count,
                    "tasks",
                    "<= 0");
            onServer(
                    "kill -9 amid " + count + ": throttled calls",
                    run.throttled(),
                    "calls",
                    "<= 0");
        }
    }

    private static void print(String measure, double ours, String unit, String mark) {
        print(measure, ours, unit, mark, "h2");
    }

    private static void onServer(String measure, double ours, String unit, String mark) {
        print(measure, ours, unit, mark, "mariadb");
    }

    private static void print(
            String measure, double ours, String unit, String mark, String database) {
        new Measure("fargate", measure, ours, null, unit, mark, database, "fargate, emulated")
                .print();
    }

    private static double percentile(List<Double> values, int percent) {
        var sorted = values.stream().sorted().toList();
        return sorted.get((sorted.size() - 1) * percent / 100);
    }
}
