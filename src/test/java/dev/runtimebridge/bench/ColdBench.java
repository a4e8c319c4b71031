package dev.runtimebridge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

/**
 * Cold launches on {@code ./bridge up} with real agents: from when an agent could answer, as its
 * own log says, to the launch's response.
 */
public final class ColdBench {
    private static final int IMAGE = 1;
    private static final int WARM_UP = 3;
    private static final int LAUNCHES = 10;
    private static final int TOGETHER = 20;
    private static final DateTimeFormatter LOG_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSZ");

    private ColdBench() {}

    public static void main(String[] arguments) throws Exception {
        try (var bridge = RealBridge.up(Command::first);
                var users = bridge.users()) {
            for (int i = 0; i < WARM_UP; i++) {
                one(bridge, users, "warm-" + i);
            }
            var times = new ArrayList<Double>();
            for (int i = 0; i < LAUNCHES; i++) {
                times.add(one(bridge, users, "one-" + i));
            }
            System.out.println("one launch, ms: " + times);
            print(
                    "one launch, the slowest of " + LAUNCHES,
                    times.stream().max(Double::compare).orElseThrow(),
                    "<= 25");
            var names = IntStream.range(0, TOGETHER).mapToObj(n -> "together-" + n).toList();
            print(TOGETHER + " real agents at once", together(bridge, users, names), "<= 250");
        }
    }

    private static double one(RealBridge bridge, Launches users, String user)
            throws IOException, InterruptedException, ExecutionException {
        return together(bridge, users, List.of(user));
    }

    /** Milliseconds from the last agent's ability to the last response; ends all of them. */
    private static double together(RealBridge bridge, Launches users, List<String> names)
            throws IOException, InterruptedException, ExecutionException {
        var answers = users.launchAll(names, IMAGE);
        var at =
                answers.stream()
                        .map(Launches.Answer::at)
                        .max(Comparator.naturalOrder())
                        .orElseThrow();
        var able = lastAbility(bridge);
        for (var answer : answers) {
            users.stop(answer);
        }
        return Duration.between(able, at).toNanos() / 1e6;
    }

    /** The newest "answers at" in the logs of all agents. */
    private static Instant lastAbility(RealBridge bridge) throws IOException {
        try (var logs =
                Files.find(
                        bridge.data().resolve("containers"),
                        2,
                        (path, attributes) -> path.endsWith("agent.log"))) {
            var last = Instant.MIN;
            for (var log : logs.toList()) {
                for (var line : Files.readAllLines(log)) {
                    if (line.contains("answers at")) {
                        var at = OffsetDateTime.parse(line.split(" ")[0], LOG_TIME).toInstant();
                        last = at.isAfter(last) ? at : last;
                    }
                }
            }
            return last;
        }
    }

    private static void print(String measure, double ours, String mark) {
        new Measure("cold", measure, ours, null, "ms", mark, "h2", "local").print();
    }
}
