package dev.runtimebridge.upkeep;

import dev.runtimebridge.allocation.StoreUnavailable;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Runs a task again and again; a task that fails is run again all the same. */
public final class Periodic implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Periodic.class);

    private final String name;
    private final Supplier<Duration> every;
    private final Runnable task;
    private final Semaphore closed = new Semaphore(0);

    /**
     * Starts at once, with a pause first.
     *
     * @param every asked before each pause
     */
    public Periodic(String name, Supplier<Duration> every, Runnable task) {
        this.name = name;
        this.every = every;
        this.task = task;
        Thread.ofVirtual().name(name).start(this::run);
    }

    private void run() {
        try {
            while (!closed.tryAcquire(every.get().toNanos(), TimeUnit.NANOSECONDS)) {
                once();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void once() {
        try {
            task.run();
        } catch (StoreUnavailable e) {
            LOG.warn("{} waits for the database: {}", name, e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("{} failed and is tried again", name, e);
        }
    }

    @Override
    public void close() {
        closed.release();
    }
}
