package dev.runtimebridge.bench;

import dev.runtimebridge.store.DatabaseSettings;
import dev.runtimebridge.testing.MariaDbServer;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A launch when there is a container: the real server on one core, its load on another, on H2 as
 * {@code up} uses it and on MariaDB. The server has all cores until it stops getting faster: what
 * is measured is not how its compilers get on with one.
 */
public final class LaunchBench {
    private static final int CONNECTIONS = 32;
    private static final int OFFERED = 2_000;
    private static final int IMAGE = 1;
    private static final Duration WARMING = Duration.ofSeconds(4);
    private static final int MOST_WARMINGS = 20;

    /** So many windows in a row have to be no faster than the best before them. */
    private static final int STEADY_WINDOWS = 3;

    private static final double STEADY = 0.05;
    private static final Duration MEASURED = Duration.ofSeconds(8);
    private static final String BODY = "{\"image_id\":" + IMAGE + "}";
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern COUNT = Pattern.compile("([0-9]+) requests in");
    private static final Pattern P99 = Pattern.compile("p99=([0-9.]+)");

    private LaunchBench() {}

    public static void main(String[] arguments) throws Exception {
        double bareRate;
        double bareP99;
        try (var bare = new Bare()) {
            warmUp(bare.url, "none", bare.process.pid());
            bareRate = number(RATE, wrk(bare.url, "none", MEASURED));
            bareP99 = number(P99, steady(bare.url, "none"));
        }
        try (var bridge = RealBridge.up(Command::first);
                var users = bridge.users()) {
            users.launch("7", IMAGE);
            var url = bridge.url("/api/containers/launch");
            var token = users.token("7");
            warmUp(url, token, bridge.pid());
            new Measure(
                            "launch",
                            "of one that exists, one core",
                            number(RATE, wrk(url, token, MEASURED)),
                            bareRate,
                            "req/s",
                            ">= 5000",
                            "h2",
                            "local")
                    .print();
            new Measure(
                            "launch",
                            "of one that exists, p99 at 2,000 req/s",
                            number(P99, steady(url, token)),
                            bareP99,
                            "ms",
                            "<= 2",
                            "h2",
                            "local")
                    .print();
        }
        onMariaDb();
    }

    /** The same on a database server, which has the load's core; and how often it is asked. */
    private static void onMariaDb() throws IOException, InterruptedException, SQLException {
        try (var server = MariaDbServer.start();
                var bridge =
                        RealBridge.serve(
                                Command::first, server.newDatabase(DatabaseSettings.Limits.of(1)));
                var users = bridge.users()) {
            users.launch("7", IMAGE);
            var url = bridge.url("/api/containers/launch");
            var token = users.token("7");
            warmUp(url, token, bridge.pid());
            var version = "mariadb " + status(server, "select version()");
            long before = reads(server);
            var loaded = wrk(url, token, MEASURED);
            long after = reads(server);
            // What the loops read meanwhile was not read for a request; and each connection has
            // one that was begun and is not counted.
            Thread.sleep(MEASURED);
            long idle = reads(server) - after;
            new Measure(
                            "launch",
                            "of one that exists, reads per request",
                            Math.rint(
                                            100.0
                                                    * (after - before - idle)
                                                    / (number(COUNT, loaded) + CONNECTIONS))
                                    / 100,
                            null,
                            "reads",
                            "<= 1",
                            version,
                            "local")
                    .print();
            new Measure(
                            "launch",
                            "of one that exists, one core, MariaDB on the other",
                            number(RATE, loaded),
                            null,
                            "req/s",
                            ">= 5000",
                            version,
                            "local")
                    .print();
        }
    }

    private static long reads(MariaDbServer server) throws SQLException {
        return Long.parseLong(
                status(
                        server,
                        "select variable_value from information_schema.global_status where"
                                + " variable_name = 'COM_SELECT'"));
    }

    private static String status(MariaDbServer server, String sql) throws SQLException {
        try (var connection = server.rootConnection();
                var rows = connection.createStatement().executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    /** Until the compilers have done what they will; then the server is left with one core. */
    private static void warmUp(URI url, String token, long pid)
            throws IOException, InterruptedException {
        double best = 0;
        int steady = 0;
        for (int i = 0; i < MOST_WARMINGS && steady < STEADY_WINDOWS; i++) {
            double now = number(RATE, wrk(url, token, WARMING));
            System.out.printf("%s warming up: %.0f req/s%n", url.getPath(), now);
            steady = now < best * (1 + STEADY) ? steady + 1 : 0;
            best = Math.max(best, now);
        }
        Command.keepToCore(0, pid);
        wrk(url, token, WARMING);
    }

    private static String wrk(URI url, String token, Duration duration)
            throws IOException, InterruptedException {
        var script = Files.createTempFile("bench-", ".lua");
        try {
            Files.writeString(
                    script,
                    """
                    wrk.method = "POST"
                    wrk.body = '%s'
                    wrk.headers["Content-Type"] = "application/json"
                    wrk.headers["Authorization"] = "Bearer %s"
                    """
                            .formatted(BODY, token));
            var output =
                    output(
                            List.of(
                                    "wrk",
                                    "-t1",
                                    "-c" + CONNECTIONS,
                                    "-d" + duration.toSeconds() + "s",
                                    "-s" + script,
                                    url.toString()));
            if (output.contains("Non-2xx")) {
                throw new IllegalStateException("not every launch was answered well: " + output);
            }
            return output;
        } finally {
            Files.delete(script);
        }
    }

    private static String steady(URI url, String token) throws IOException, InterruptedException {
        var output =
                output(
                        Command.java(
                                List.of("-XX:+UseSerialGC", "-Xms128m", "-Xmn96m"),
                                SteadyLoad.class,
                                List.of(
                                        url.toString(),
                                        token,
                                        BODY,
                                        Integer.toString(CONNECTIONS),
                                        Integer.toString(OFFERED),
                                        "3",
                                        Long.toString(MEASURED.toSeconds()))));
        System.out.println(url.getPath() + " at " + OFFERED + " req/s: " + output.strip());
        return output;
    }

    private static String output(List<String> command) throws IOException, InterruptedException {
        var process =
                new ProcessBuilder(Command.onCore(1, command))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        var output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IllegalStateException(command.getFirst() + " failed: " + output);
        }
        return output;
    }

    private static double number(Pattern pattern, String text) {
        var found = pattern.matcher(text);
        if (!found.find()) {
            throw new IllegalStateException("no figure in: " + text);
        }
        return Double.parseDouble(found.group(1));
    }

    /** The bare route's process. */
    private static final class Bare implements AutoCloseable {
        private final Process process;
        private final URI url;

        Bare() throws IOException {
            process =
                    new ProcessBuilder(
                                    Command.first(
                                            Command.java(List.of(), BareRoute.class, List.of())))
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            var ready = process.inputReader().readLine();
            url =
                    URI.create(
                            "http://127.0.0.1:"
                                    + ready.substring("ready ".length())
                                    + "/api/containers/launch");
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
