package dev.runtimebridge.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Follows what happens to one container, event by event, over dropped connections too. */
final class Story {
    private static final int MOST_CONNECTIONS = 6;

    private final BridgeClient bridge;
    private final String id;
    private String lastEvent = "";

    Story(BridgeClient bridge, String id) {
        this.bridge = bridge;
        this.id = id;
    }

    /**
     * Reads until a step is the awaited one or the last of all, and returns it.
     *
     * @throws CommandFailed when that takes longer than {@code patience}, or the bridge goes away
     */
    Wire.Step until(Predicate<Wire.Step> awaited, Duration patience, Consumer<Wire.Step> seen) {
        long deadline = System.nanoTime() + patience.toNanos();
        for (int connection = 1; connection <= MOST_CONNECTIONS; connection++) {
            var body = bridge.events(id, lastEvent);
            var over = new CountDownLatch(1);
            var late = new AtomicBoolean();
            Thread.startVirtualThread(() -> closeWhenLate(body, over, deadline, late));
            try {
                var found = read(body, awaited, seen);
                if (found.isPresent()) {
                    return found.get();
                }
            } catch (IOException e) {
                if (!late.get() && connection == MOST_CONNECTIONS) {
                    throw bridge.lost(e);
                }
            } finally {
                over.countDown();
            }
            if (late.get()) {
                throw new CommandFailed(
                        ExitStatus.FAILED,
                        "not there yet after "
                                + patience.toSeconds()
                                + " s: ./bridge ps shows how it goes on");
            }
        }
        throw new CommandFailed(
                ExitStatus.NO_BRIDGE, "the bridge keeps ending the events of container " + id);
    }

    private Optional<Wire.Step> read(
            InputStream body, Predicate<Wire.Step> awaited, Consumer<Wire.Step> seen)
            throws IOException {
        try (var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            var events = new ServerSentEvents(lines);
            for (var next = events.next(); next.isPresent(); next = events.next()) {
                lastEvent = next.get().id();
                var step = BridgeCalls.parse(next.get().data(), Wire.Step.class);
                seen.accept(step);
                if (awaited.test(step) || step.last()) {
                    return Optional.of(step);
                }
            }
            return Optional.empty();
        }
    }

    /** A blocked read ends only when its stream is closed. */
    private static void closeWhenLate(
            InputStream body, CountDownLatch over, long deadline, AtomicBoolean late) {
        try {
            if (!over.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                late.set(true);
                body.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // closed either way: the reader sees the end
        }
    }
}
