package dev.runtimebridge.bench;

import dev.runtimebridge.BridgeInProcess;
import dev.runtimebridge.config.Development;
import dev.runtimebridge.config.KeyMaterial;
import dev.runtimebridge.telemetry.Logging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A thousand users who launch at once, alone and beside one who asks as often as a load generator
 * can: what the others notice of that.
 */
public final class GreedyBench {
    private static final int IMAGE = 1;
    private static final int USERS = 1_000;
    private static final int WARM_UP = 300;
    private static final int GREEDY_CONNECTIONS = 100;
    private static final Duration START_TAKES = Duration.ofMillis(500);

    private GreedyBench() {}

    public static void main(String[] arguments) throws Exception {
        var folder = Files.createTempDirectory("bench-greedy-");
        Logging.toFolder(folder, false);
        var keys = KeyMaterial.readOrCreate(folder, new SecureRandom());
        var provider = new CallingHome(START_TAKES);
        provider.callsHome(true);
        try (provider;
                var bridge =
                        BridgeInProcess.start(
                                Development.values(Map.of(), folder, 0, keys), provider);
                var users = new Launches(bridge.url(), keys)) {
            provider.bridge(bridge.url());
            users.comeAgainWhenTold();
            slowest("warm", WARM_UP, users);
            double alone = slowest("alone", USERS, users);
            double beside;
            try (var _ =
                    new Greedy(bridge.url().resolve("/api/containers/launch"), users, folder)) {
                beside = slowest("beside", USERS, users);
            }
            new Measure(
                            "greedy",
                            "p99 of 1,000 users beside one greedy one",
                            beside,
                            alone,
                            "ms",
                            "<= 2x",
                            "h2",
                            "fake")
                    .print();
        } finally {
            RealBridge.remove(folder);
        }
        System.exit(0);
    }

    /** Launches all at once, ends them, and returns the 99th percentile in milliseconds. */
    private static double slowest(String name, int count, Launches users) throws Exception {
        var names = IntStream.range(0, count).mapToObj(n -> name + "-" + n).toList();
        var from = Instant.now();
        var answers = users.launchAll(names, IMAGE);
        var times =
                answers.stream()
                        .map(answer -> Duration.between(from, answer.at()).toNanos() / 1e6)
                        .sorted()
                        .toList();
        for (var answer : answers) {
            users.stop(answer);
        }
        return times.get((times.size() - 1) * 99 / 100);
    }

    /** One user's load, from a process of its own, until it is closed. */
    private static final class Greedy implements AutoCloseable {
        private final Process process;

        Greedy(java.net.URI url, Launches users, Path folder) throws IOException {
            var script = folder.resolve("greedy.lua");
            Files.writeString(
                    script,
                    """
                    wrk.method = "POST"
                    wrk.body = '{"image_id":%d}'
                    wrk.headers["Content-Type"] = "application/json"
                    wrk.headers["Authorization"] = "Bearer %s"
                    """
                            .formatted(IMAGE, users.token("greedy")));
            process =
                    new ProcessBuilder(
                                    List.of(
                                            "wrk",
                                            "-t1",
                                            "-c" + GREEDY_CONNECTIONS,
                                            "-d300s",
                                            "-s" + script,
                                            url.toString()))
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
