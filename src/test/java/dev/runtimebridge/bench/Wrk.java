package dev.runtimebridge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** The load generator, on one core, with a script of its own; every answer has to be a good one. */
record Wrk(String url, int connections, String script) {
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern COUNT = Pattern.compile("([0-9]+) requests in");
    private static final Duration WARMING = Duration.ofSeconds(4);
    private static final int MOST_WARMINGS = 20;

    /** So many windows in a row have to be no faster than the best before them. */
    private static final int STEADY_WINDOWS = 3;

    private static final double STEADY = 0.05;

    /** What it tells of one run. */
    record Run(double perSecond, long requests) {}

    Run run(Duration duration) throws IOException, InterruptedException {
        var file = Files.createTempFile("bench-", ".lua");
        try {
            Files.writeString(file, script);
            var output = Command.output(Command.onCore(1, command(file, duration)));
            if (output.contains("Non-2xx")) {
                throw new IllegalStateException("not every answer was a good one: " + output);
            }
            return new Run(number(RATE, output), (long) number(COUNT, output));
        } finally {
            Files.delete(file);
        }
    }

    private List<String> command(Path file, Duration duration) {
        return List.of(
                "wrk",
                "-t1",
                "-c" + connections,
                "-d" + duration.toSeconds() + "s",
                "-s" + file,
                url);
    }

    /**
     * Until a server's compilers have done what they will, with all cores; then it is left with
     * one.
     */
    void warmUp(long pid) throws IOException, InterruptedException {
        double best = 0;
        int steady = 0;
        for (int i = 0; i < MOST_WARMINGS && steady < STEADY_WINDOWS; i++) {
            double now = run(WARMING).perSecond;
            System.out.printf("%s warming up: %.0f req/s%n", url, now);
            steady = now < best * (1 + STEADY) ? steady + 1 : 0;
            best = Math.max(best, now);
        }
        Command.keepToCore(0, pid);
        run(WARMING);
    }

    private static double number(Pattern pattern, String text) {
        var found = pattern.matcher(text);
        if (!found.find()) {
            throw new IllegalStateException("no figure in: " + text);
        }
        return Double.parseDouble(found.group(1));
    }
}
