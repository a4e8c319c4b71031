package dev.runtimebridge.http;

import java.util.HashSet;
import java.util.Set;

/**
 * What may wait long (launches, event streams), so that it can be cut short when the server stops:
 * each waiter is interrupted once and answers in its own way.
 */
final class Drain {
    private final Set<Thread> waiting = new HashSet<>();
    private boolean stopping;

    /** What waits. */
    @FunctionalInterface
    interface Wait<T> {
        T await() throws InterruptedException;
    }

    /**
     * Waits, until done or the server stops.
     *
     * @throws InterruptedException when the server stops, at once if it is stopping already
     */
    <T> T await(Wait<T> wait) throws InterruptedException {
        var self = Thread.currentThread();
        synchronized (this) {
            if (stopping) {
                throw new InterruptedException("the server is stopping");
            }
            waiting.add(self);
        }
        try {
            return wait.await();
        } finally {
            synchronized (this) {
                waiting.remove(self);
                if (stopping) {
                    // The interrupt was for the wait, not for writing the answer.
                    Thread.interrupted();
                }
            }
        }
    }

    synchronized void begin() {
        stopping = true;
        waiting.forEach(Thread::interrupt);
    }
}
