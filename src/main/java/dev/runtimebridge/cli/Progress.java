package dev.runtimebridge.cli;

import org.jspecify.annotations.Nullable;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Shows the steps of a launch: a line for each, with its time since the first; on a terminal also a
 * bar below them that moves until it is closed.
 */
final class Progress implements AutoCloseable {
    private static final List<String> WAY =
            List.of("waiting", "requested", "starting", "ready", "binding", "active");
    private static final int REDRAW_MILLIS = 100;
    private static final int CELLS = 24;
    private static final String CLEAR_LINE = "\r\033[K";

    private final PrintStream out;
    private final Style style;
    private final long begun = System.nanoTime();
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable Instant first;
    private String phase = "asking";

    Progress(PrintStream out, Style style) {
        this.out = out;
        this.style = style;
        if (style.moving()) {
            Thread.startVirtualThread(this::redraw);
        }
    }

    synchronized void step(Wire.Step step) {
        if (first == null) {
            first = step.at();
        }
        phase = step.phase();
        out.printf(
                Locale.ROOT,
                "%s%7.3f s  %s%s%n",
                style.moving() ? CLEAR_LINE : "",
                Duration.between(first, step.at()).toMillis() / 1000.0,
                style.bold(String.format(Locale.ROOT, "%-9s", step.phase())),
                step.detail().isEmpty() ? "" : "  " + step.detail());
        out.flush();
    }

    @Override
    public synchronized void close() {
        closed.countDown();
        if (style.moving()) {
            out.print(CLEAR_LINE);
            out.flush();
        }
    }

    private void redraw() {
        try {
            do {
                draw();
            } while (!closed.await(REDRAW_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void draw() {
        if (closed.getCount() == 0) {
            return;
        }
        int done = CELLS * (WAY.indexOf(phase) + 1) / WAY.size();
        var bar = "#".repeat(done) + "-".repeat(CELLS - done);
        double seconds = (System.nanoTime() - begun) / 1e9;
        var line = String.format(Locale.ROOT, "[%s] %s, %.1f s", bar, phase, seconds);
        out.print(CLEAR_LINE + line.substring(0, Math.min(line.length(), style.columns() - 1)));
        out.flush();
    }
}
