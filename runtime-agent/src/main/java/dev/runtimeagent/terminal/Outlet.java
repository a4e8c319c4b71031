package dev.runtimeagent.terminal;

import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The way of a shell's output to one client. A lone echo leaves at once; in a flood, what comes
 * while enough is under way is gathered to messages of full size. What is under way, here, in the
 * buffers of the system and of every proxy between, never exceeds the window: the shell's reader
 * waits, and with it the program. How much has arrived is told by the client's own answers, because
 * a completed write only means that the next buffer has it.
 */
final class Outlet {
    /** The v1 client spreads a message as call arguments and can take no more. */
    static final int MESSAGE_BYTES = 32 * 1024;

    /** Takes a message towards the client and never waits for the client. */
    interface Sink {
        void send(byte[] message);

        /** Asks the client to answer; {@link Outlet#arrived} is then called with this number. */
        void probe(long sentBytes);

        /** Whether less than {@code bytes} wait in this process to be written. */
        boolean unwrittenBelow(int bytes);
    }

    private final Sink sink;
    private final int window;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final byte[] gathered = new byte[MESSAGE_BYTES];
    private int gatheredBytes;
    private long sentBytes;
    private long probedBytes;
    private long arrivedBytes;
    private boolean clientHeld;
    private boolean closed;

    Outlet(Sink sink, int windowBytes) {
        this.sink = sink;
        this.window = windowBytes;
    }

    /** Waits while the window is full; a closed outlet swallows all. */
    void write(byte[] bytes, int offset, int length) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            var from = offset;
            var left = length;
            while (left > 0 && !closed) {
                var piece = Math.min(left, MESSAGE_BYTES - gatheredBytes);
                System.arraycopy(bytes, from, gathered, gatheredBytes, piece);
                gatheredBytes += piece;
                from += piece;
                left -= piece;
                if (gatheredBytes == MESSAGE_BYTES) {
                    while (!hasRoom() && !closed) {
                        changed.await();
                    }
                    send();
                }
            }
            if (sentBytes - arrivedBytes < window / 4) {
                send();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Sends what is gathered, whatever is under way: the last words of a shell. */
    void flush() {
        lock.lock();
        try {
            send();
        } finally {
            lock.unlock();
        }
    }

    /** The client has all of the first {@code bytes}. */
    void arrived(long bytes) {
        lock.lock();
        try {
            arrivedBytes = Math.max(arrivedBytes, Math.min(bytes, sentBytes));
            sendIfPossible();
        } finally {
            lock.unlock();
        }
    }

    /** How much was sent so far. */
    long sentBytes() {
        lock.lock();
        try {
            return sentBytes;
        } finally {
            lock.unlock();
        }
    }

    /** Asks the client once more: after a change of transport earlier questions may be lost. */
    void probeAgain() {
        lock.lock();
        try {
            probedBytes = sentBytes;
            sink.probe(sentBytes);
        } finally {
            lock.unlock();
        }
    }

    /**
     * While a client's messages are held back its answers are, too; then only completed writes are
     * counted, or a large paste and its echo would wait for each other for ever.
     */
    void clientHeld(boolean held) {
        lock.lock();
        try {
            clientHeld = held;
            sendIfPossible();
        } finally {
            lock.unlock();
        }
    }

    /** A write has been completed. */
    void written() {
        lock.lock();
        try {
            if (clientHeld) {
                sendIfPossible();
            }
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void sendIfPossible() {
        if (hasRoom()) {
            send();
            changed.signalAll();
        }
    }

    private boolean hasRoom() {
        return sentBytes - arrivedBytes + MESSAGE_BYTES <= window
                || (clientHeld && sink.unwrittenBelow(window));
    }

    private void send() {
        if (gatheredBytes == 0 || closed) {
            return;
        }
        var message = Arrays.copyOf(gathered, gatheredBytes);
        gatheredBytes = 0;
        sentBytes += message.length;
        sink.send(message);
        if (sentBytes - probedBytes >= window / 4) {
            probedBytes = sentBytes;
            sink.probe(sentBytes);
        }
    }
}
