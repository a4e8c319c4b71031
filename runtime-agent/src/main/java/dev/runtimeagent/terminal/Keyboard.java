package dev.runtimeagent.terminal;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The way of keystrokes to a shell, in order and complete. A lone keystroke is written by the
 * thread that brings it; what a shell does not take at once waits here and is written by a thread
 * of its own.
 */
final class Keyboard {
    private static final int LONE_BYTES = 4 * 1024;

    /** So much is waiting that no more should come until {@link Relief#relieved} is called. */
    static final long CROWDED_BYTES = 1024 * 1024;

    /** Told when a crowded keyboard has room again. */
    interface Relief {
        void relieved();
    }

    private final OutputStream shell;
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<byte[]> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private boolean writing;
    private Relief relief = () -> {};

    Keyboard(OutputStream shell) {
        this.shell = shell;
    }

    /** Whom to tell; a shell has one client at a time. */
    void relief(Relief next) {
        lock.lock();
        try {
            relief = next;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Types {@code keys} and answers how many bytes wait now.
     *
     * @param mayWait whether the calling thread may wait for the shell
     */
    long type(byte[] keys, boolean mayWait) {
        lock.lock();
        try {
            if (writing || !mayWait || keys.length > LONE_BYTES) {
                waiting.add(keys);
                waitingBytes += keys.length;
                if (!writing) {
                    writing = true;
                    Thread.ofVirtual().name("keyboard").start(this::writeAll);
                }
                return waitingBytes;
            }
            writing = true;
        } finally {
            lock.unlock();
        }
        write(keys);
        var first = next();
        if (first != null) {
            Thread.ofVirtual().name("keyboard").start(() -> writeFrom(first));
        }
        return 0;
    }

    boolean isCrowded() {
        lock.lock();
        try {
            return waitingBytes > CROWDED_BYTES;
        } finally {
            lock.unlock();
        }
    }

    private void writeAll() {
        var first = next();
        if (first != null) {
            writeFrom(first);
        }
    }

    private void writeFrom(byte[] first) {
        byte @Nullable [] keys = first;
        while (keys != null) {
            write(keys);
            keys = next();
        }
    }

    private byte @Nullable [] next() {
        lock.lock();
        try {
            var keys = waiting.poll();
            if (keys == null) {
                writing = false;
                return null;
            }
            var crowded = waitingBytes > CROWDED_BYTES;
            waitingBytes -= keys.length;
            if (crowded && waitingBytes <= CROWDED_BYTES) {
                // By another thread: the client may type at once, and this one has to write.
                Thread.ofVirtual().start(relief::relieved);
            }
            return keys;
        } finally {
            lock.unlock();
        }
    }

    private void write(byte[] keys) {
        try {
            shell.write(keys);
            shell.flush();
        } catch (IOException e) {
            // The shell has ended; its client is told by the end of its output.
            forget();
        }
    }

    private void forget() {
        lock.lock();
        try {
            waiting.clear();
            waitingBytes = 0;
            Thread.ofVirtual().start(relief::relieved);
        } finally {
            lock.unlock();
        }
    }
}
