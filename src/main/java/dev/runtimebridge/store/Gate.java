package dev.runtimebridge.store;

import dev.runtimebridge.allocation.StoreUnavailable;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The bounded queue in front of the connections: so many inside, so many waiting, so long; whoever
 * comes on top is refused at once, so that a flood costs no memory and no time.
 */
final class Gate {
    private final String whose;
    private final Semaphore inside;
    private final Semaphore queue;
    private final Duration longestWait;

    Gate(String whose, int places, int mostWaiting, Duration longestWait) {
        this.whose = whose;
        this.inside = new Semaphore(places, true);
        this.queue = new Semaphore(mostWaiting);
        this.longestWait = longestWait;
    }

    /**
     * To be followed by {@link #leave}.
     *
     * @throws StoreUnavailable when too many wait already, or it took too long
     */
    void enter() {
        if (inside.tryAcquire()) {
            return;
        }
        if (!queue.tryAcquire()) {
            throw new StoreUnavailable("too many " + whose + " wait for the database", null);
        }
        try {
            if (!inside.tryAcquire(longestWait.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new StoreUnavailable(
                        "the database was busy with other "
                                + whose
                                + " for "
                                + longestWait.toMillis()
                                + " ms",
                        null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailable("interrupted while waiting for the database", e);
        } finally {
            queue.release();
        }
    }

    void leave() {
        inside.release();
    }
}
