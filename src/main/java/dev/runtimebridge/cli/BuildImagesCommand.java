package dev.runtimebridge.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

/** {@code images build}. */
@Command(
        name = "build",
        mixinStandardHelpOptions = true,
        description = {
            "Builds the container images that containers run, on the Docker engine of DOCKER_HOST:"
                + " base, then one per language on it. ./bridge up uses them when they are there.",
            "Example: ./bridge images build python"
        })
final class BuildImagesCommand implements Callable<Integer> {
    private static final int SHOWN_OF_A_FAILURE = 15;

    private final Operations operations;
    private final Surroundings surroundings;

    @Parameters(
            paramLabel = "NAME",
            arity = "0..*",
            description = "Which: base, python, node, java, c or go. All of them unless named.")
    private @Nullable List<String> names;

    @Option(
            names = "--base",
            paramLabel = "IMAGE",
            defaultValue = "",
            description =
                    "What the base stands on: a Debian 12 of your own, where no registry can be"
                            + " reached (default debian:bookworm-slim).")
    private @Nullable String base;

    BuildImagesCommand(Operations operations, Surroundings surroundings) {
        this.operations = operations;
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        var shown = new Shown();
        try {
            operations.buildImages(
                    new BuildOptions(
                            names == null ? List.of() : names, Objects.requireNonNull(base)),
                    shown);
        } catch (CommandFailed e) {
            shown.failed();
            throw e;
        }
        return ExitStatus.DONE.code();
    }

    /** A line per image; on a terminal the step it is at, in one line that replaces itself. */
    private final class Shown implements BuildProgress {
        private static final Pattern STEP = Pattern.compile("Step (\\d+/\\d+) : (.*)");
        private static final String CLEAR_LINE = "\r\033[K";

        private final Style style = surroundings.style();
        private final Deque<String> last = new ArrayDeque<>();
        private String name = "";
        private String step = "";
        private long begun;

        @Override
        public void begins(String image) {
            name = image;
            step = "";
            begun = System.nanoTime();
            last.clear();
            redraw("");
        }

        @Override
        public void says(String line) {
            last.addLast(line);
            if (last.size() > SHOWN_OF_A_FAILURE) {
                last.removeFirst();
            }
            var matcher = STEP.matcher(line);
            if (matcher.matches()) {
                step = "step " + matcher.group(1);
                redraw(matcher.group(2));
            } else {
                redraw(line);
            }
        }

        @Override
        public void built(String reference) {
            clear();
            var took = Duration.ofNanos(System.nanoTime() - begun);
            surroundings
                    .out()
                    .printf(Locale.ROOT, "%s  %.1f s%n", reference, took.toMillis() / 1000.0);
        }

        void failed() {
            clear();
            last.forEach(surroundings.err()::println);
        }

        private void redraw(String what) {
            if (style.moving()) {
                var line = String.join("  ", name, step, what).replaceAll("\\p{Cntrl}.*", "");
                surroundings
                        .out()
                        .print(
                                CLEAR_LINE
                                        + line.substring(
                                                0, Math.min(line.length(), style.columns() - 1)));
                surroundings.out().flush();
            }
        }

        private void clear() {
            if (style.moving()) {
                surroundings.out().print(CLEAR_LINE);
            }
        }
    }
}
