package dev.runtimebridge.emulator.region;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Time that passes by itself, so many times as fast as the wall's. */
public final class ScaledClock implements EmulatedClock, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScaledClock.class);

    private final double scale;
    private final Instant began;
    private final long beganNanos = System.nanoTime();
    private final ScheduledThreadPoolExecutor timer;
    private final ExecutorService beside = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * Begins at the wall's time.
     *
     * @param scale how many emulated seconds pass in a real one
     */
    public ScaledClock(double scale, InstantSource wall) {
        this.scale = scale;
        this.began = wall.instant();
        this.timer =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().name("emulated-time").daemon().factory());
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        timer.setRemoveOnCancelPolicy(true);
    }

    @Override
    public Instant instant() {
        return began.plusNanos(Math.round((System.nanoTime() - beganNanos) * scale));
    }

    @Override
    public void at(Instant when, Runnable event) {
        if (!timer.isShutdown()) {
            var _ = timer.schedule(() -> logged(event), realNanosUntil(when), TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void beside(Runnable work) {
        if (!beside.isShutdown()) {
            beside.execute(() -> logged(work));
        }
    }

    @Override
    public void pause(Duration time) throws InterruptedException {
        Thread.sleep(Duration.ofNanos(Math.round(time.toNanos() / scale)));
    }

    /** What is still to happen does not. */
    @Override
    public void close() {
        timer.shutdownNow();
        beside.shutdownNow();
    }

    private long realNanosUntil(Instant when) {
        return Math.max(0, Math.round(Duration.between(instant(), when).toNanos() / scale));
    }

    private static void logged(Runnable event) {
        try {
            event.run();
        } catch (RuntimeException e) {
            LOG.error("an event of the emulated region failed", e);
        }
    }
}
