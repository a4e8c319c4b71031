package dev.runtimeagent.terminal;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * What a client asked for and what takes time: one after another, away from the server's threads.
 */
final class Errands {
    private static final Logger log = LoggerFactory.getLogger(Errands.class);
    private static final int MOST = 256;

    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean running;
    private boolean over;

    synchronized boolean isIdle() {
        return !running;
    }

    /** False when too many wait already. */
    synchronized boolean add(Runnable errand) {
        if (over) {
            return true; // the client is gone, and nobody misses it
        }
        if (waiting.size() >= MOST) {
            return false;
        }
        enqueue(errand);
        return true;
    }

    /** Adds the last one; those before it that have not begun are dropped. */
    synchronized void last(Runnable errand) {
        if (!over) {
            over = true;
            waiting.clear();
            enqueue(errand);
        }
    }

    private void enqueue(Runnable errand) {
        waiting.add(errand);
        if (!running) {
            running = true;
            Thread.ofVirtual().name("terminal").start(this::runAll);
        }
    }

    private void runAll() {
        for (var errand = next(); errand != null; errand = next()) {
            try {
                errand.run();
            } catch (RuntimeException e) {
                log.error("a terminal's event failed", e);
            }
        }
    }

    private synchronized @Nullable Runnable next() {
        var errand = waiting.poll();
        running = errand != null;
        return errand;
    }
}
