package dev.runtimebridge.bench;

import dev.runtimebridge.store.DatabaseSettings;
import dev.runtimebridge.testing.MariaDbServer;

import java.io.IOException;
import java.net.URI;
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
    private static final Duration MEASURED = Duration.ofSeconds(8);
    private static final String BODY = "{\"image_id\":" + IMAGE + "}";
    private static final Pattern P99 = Pattern.compile("p99=([0-9.]+)");

    private LaunchBench() {}

    public static void main(String[] arguments) throws Exception {
        double bareRate;
        double bareP99;
        try (var bare = new Bare()) {
            var wrk = launching(bare.url, "none");
            wrk.warmUp(bare.process.pid());
            bareRate = wrk.run(MEASURED).perSecond();
            bareP99 = number(P99, steady(bare.url, "none"));
        }
        try (var bridge = RealBridge.up(Command::first);
                var users = bridge.users()) {
            users.launch("7", IMAGE);
            var url = bridge.url("/api/containers/launch");
            var token = users.token("7");
            var wrk = launching(url, token);
            wrk.warmUp(bridge.pid());
            new Measure(
                            "launch",
                            "of one that exists, one core",
                            wrk.run(MEASURED).perSecond(),
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
            var wrk = launching(url, token);
            wrk.warmUp(bridge.pid());
            var version = "mariadb " + status(server, "select version()");
            long before = reads(server);
            var loaded = wrk.run(MEASURED);
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
                                                    / (loaded.requests() + CONNECTIONS))
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
                            loaded.perSecond(),
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

    private static Wrk launching(URI url, String token) {
        return new Wrk(
                url.toString(),
                CONNECTIONS,
                """
                wrk.method = "POST"
                wrk.body = '%s'
                wrk.headers["Content-Type"] = "application/json"
                wrk.headers["Authorization"] = "Bearer %s"
                """
                        .formatted(BODY, token));
    }

    private static String steady(URI url, String token) throws IOException, InterruptedException {
        var output =
                Command.output(
                        Command.onCore(
                                1,
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
                                                Long.toString(MEASURED.toSeconds())))));
        System.out.println(url.getPath() + " at " + OFFERED + " req/s: " + output.strip());
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
