package dev.runtimebridge.bench;

import dev.runtimebridge.BridgeInProcess;
import dev.runtimebridge.config.Development;
import dev.runtimebridge.config.KeyMaterial;
import dev.runtimebridge.store.DatabaseSettings;
import dev.runtimebridge.telemetry.Logging;
import dev.runtimebridge.testing.MariaDbServer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What the bridge itself adds to a cold launch: the whole bridge in this JVM on the fake provider
 * and stub agents, so that nothing else takes time.
 */
public final class FleetBench implements AutoCloseable {
    private static final int IMAGE = 1;
    private static final Duration START_TAKES = Duration.ofMillis(100);
    private static final int WARM_UP = 80;
    private static final int LAUNCHES = 100;
    private static final int BY_POLLING = 5;
    private static final int TOGETHER = 200;
    private static final int MOST_TOGETHER = 1_000;

    private final Path folder = Files.createTempDirectory("bench-fleet-");
    private final KeyMaterial keys = KeyMaterial.readOrCreate(folder, new SecureRandom());
    private final CallingHome provider = new CallingHome(START_TAKES);
    private final String database;
    private final BridgeInProcess bridge;
    private final Launches users;
    private int user;

    private FleetBench(String database, Map<String, String> more) throws Exception {
        this.database = database;
        Logging.toFolder(folder, false);
        var values = new HashMap<>(Development.values(Map.of(), folder, 0, keys));
        values.putAll(more);
        bridge = BridgeInProcess.start(values, provider);
        provider.bridge(bridge.url());
        users = new Launches(bridge.url(), keys);
    }

    public static void main(String[] arguments) throws Exception {
        try (var bench = new FleetBench("h2", Map.of())) {
            bench.latencies();
        }
        try (var server = MariaDbServer.start()) {
            server.execute("set global innodb_monitor_enable = 'trx_rw_commits'");
            try (var bench = new FleetBench("mariadb", on(server))) {
                bench.writes(server);
            }
        }
        System.exit(0);
    }

    private void latencies() throws Exception {
        provider.callsHome(true);
        one(WARM_UP);
        print("one launch, stub agent, p99", percentile(one(LAUNCHES), 99), "ms", "<= 25");
        provider.callsHome(false);
        print("by polling alone, the slowest", percentile(one(BY_POLLING), 100), "ms", "<= 1000");
        provider.callsHome(true);
        var answers = users.launchAll(users(TOGETHER), IMAGE);
        print("200 at once, served", answers.size(), "launches", ">= 200");
        System.out.printf(
                "%d at once: the last answer %.0f ms after the last agent could%n",
                TOGETHER, lastAnswer(answers));
    }

    private void writes(MariaDbServer server) throws Exception {
        provider.callsHome(true);
        one(WARM_UP);
        var deltas = new ArrayList<Double>();
        // Ended only afterwards: an end writes too.
        var launched = new ArrayList<Launches.Answer>();
        for (int i = 0; i < BY_POLLING; i++) {
            long before = writeCommits(server);
            var answers = users.launchAll(users(1), IMAGE);
            deltas.add((double) (writeCommits(server) - before));
            launched.addAll(answers);
        }
        print("one launch, write transactions", Result.median(deltas), "commits", "<= 5");
        stop(launched);
        users.comeAgainWhenTold();
        long before = writeCommits(server);
        var answers = users.launchAll(users(MOST_TOGETHER), IMAGE);
        System.out.println(users.toldToComeAgain() + " answers were 503 with Retry-After");
        double each = (double) (writeCommits(server) - before) / answers.size();
        print("1,000 at once, write transactions each", each, "commits", "<= 1");
        System.out.printf(
                "%d at once: the last answer %.0f ms after the last agent could%n",
                MOST_TOGETHER, lastAnswer(answers));
    }

    /** One after the other; milliseconds from when the agent could answer to the response. */
    private List<Double> one(int count) throws Exception {
        var times = new ArrayList<Double>();
        for (int i = 0; i < count; i++) {
            var answers = users.launchAll(users(1), IMAGE);
            times.add(lastAnswer(answers));
            stop(answers);
        }
        return times;
    }

    private void stop(List<Launches.Answer> answers) throws Exception {
        for (var answer : answers) {
            users.stop(answer);
        }
    }

    private double lastAnswer(List<Launches.Answer> answers) {
        var last =
                answers.stream()
                        .map(answer -> provider.couldAnswer(answer.ip()))
                        .max(Comparator.naturalOrder())
                        .orElseThrow();
        var at =
                answers.stream()
                        .map(Launches.Answer::at)
                        .max(Comparator.naturalOrder())
                        .orElseThrow();
        return Duration.between(last, at).toNanos() / 1e6;
    }

    private List<String> users(int count) {
        user += count;
        return IntStream.range(user - count, user).mapToObj(n -> Integer.toString(n + 1)).toList();
    }

    private void print(String measure, double ours, String unit, String mark) {
        new Measure("fleet", measure, ours, null, unit, mark, database, "fake").print();
    }

    private static double percentile(List<Double> values, int percent) {
        var sorted = values.stream().sorted().toList();
        return sorted.get((sorted.size() - 1) * percent / 100);
    }

    private static Map<String, String> on(MariaDbServer server) {
        var settings = server.newDatabase(DatabaseSettings.Limits.of(1));
        return RealBridge.values(settings);
    }

    /** Transactions that wrote something, of the whole server since its start. */
    private static long writeCommits(MariaDbServer server) throws SQLException {
        try (var connection = server.rootConnection();
                var rows =
                        connection
                                .createStatement()
                                .executeQuery(
                                        "select count from information_schema.innodb_metrics where"
                                                + " name = 'trx_rw_commits'")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Override
    public void close() {
        users.close();
        bridge.close();
        provider.close();
        RealBridge.remove(folder);
    }
}
