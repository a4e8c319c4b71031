package dev.runtimebridge.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands before a database server and loses the reply to a commit when told to. */
final class LossyProxy implements AutoCloseable {
    private static final int LONGEST_PACKET = 65_536;

    private final ServerSocket door;
    private final int serverPort;
    private final AtomicBoolean armed = new AtomicBoolean();
    private final AtomicInteger lost = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    LossyProxy(int serverPort) throws IOException {
        this.serverPort = serverPort;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("lossy-proxy").start(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    /** The next commit reaches the server; its reply is lost with its connection. */
    void loseTheNextCommitsReply() {
        armed.set(true);
    }

    int lost() {
        return lost.get();
    }

    private void accept() {
        try {
            while (true) {
                var client = door.accept();
                var server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
                open.add(client);
                open.add(server);
                var swallow = new AtomicBoolean();
                Thread.ofVirtual().start(() -> pump(client, server, swallow, true));
                Thread.ofVirtual().start(() -> pump(server, client, swallow, false));
            }
        } catch (IOException e) {
            // The door was closed.
        }
    }

    private void pump(Socket from, Socket to, AtomicBoolean swallow, boolean request) {
        var buffer = new byte[LONGEST_PACKET];
        try (from;
                to) {
            int length;
            while ((length = from.getInputStream().read(buffer)) > 0) {
                if (request && isCommit(buffer, length) && armed.compareAndSet(true, false)) {
                    swallow.set(true);
                }
                if (!request && swallow.get()) {
                    lost.incrementAndGet();
                    return;
                }
                to.getOutputStream().write(buffer, 0, length);
            }
        } catch (IOException e) {
            // One side is gone; so is the other now.
        }
    }

    private static boolean isCommit(byte[] packet, int length) {
        return new String(packet, 0, length, ISO_8859_1)
                .toUpperCase(Locale.ROOT)
                .endsWith("COMMIT");
    }

    @Override
    public void close() {
        try {
            door.close();
            for (var socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
