package dev.runtimebridge;

import java.util.concurrent.CountDownLatch;

/** Holds the end of the process, once a signal asks for it, until everything is in order. */
final class EndSignal implements AutoCloseable {
    private final CountDownLatch told = new CountDownLatch(1);
    private final CountDownLatch inOrder = new CountDownLatch(1);
    private final Thread hook = new Thread(this::hold, "signal");

    EndSignal() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void hold() {
        told.countDown();
        try {
            inOrder.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for SIGTERM or Ctrl-C. */
    void await() throws InterruptedException {
        told.await();
    }

    /** Everything is in order: the process may end. */
    @Override
    public void close() {
        inOrder.countDown();
    }
}
