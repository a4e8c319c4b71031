package dev.runtimeagent.forward;

import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.BufferUtil;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;

/**
 * Carries bytes both ways between the gateway and a server of this container, until both are done.
 */
final class PortTunnel {
    private static final int CONNECT_MILLIS = 2_000;
    private static final int BLOCK = 32 * 1024;

    private final EndPoint gateway;

    PortTunnel(EndPoint gateway) {
        this.gateway = gateway;
    }

    /** Says no and ends. */
    void refuse(ByteBuffer answer) {
        try {
            write(answer);
        } catch (IOException e) {
            return; // the gateway has gone, which is as good
        } finally {
            gateway.close();
        }
    }

    /** Without an answer when nobody listens: what to say of that the gateway knows best. */
    void run(Forwarding.ServerFinder servers, int port, ByteBuffer first) {
        gateway.setIdleTimeout(0); // how long silence may last is the gateway's to say
        try (var server = new Socket()) {
            server.setTcpNoDelay(true);
            server.connect(new InetSocketAddress(servers.on(port), port), CONNECT_MILLIS);
            var back = Thread.ofVirtual().name("forward-back").start(() -> back(server));
            forth(first, server);
            back.join();
        } catch (IOException e) {
            gateway.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            gateway.close();
        }
    }

    private void forth(ByteBuffer first, Socket server) throws IOException {
        var out = server.getOutputStream();
        out.write(first.array(), first.arrayOffset() + first.position(), first.remaining());
        var buffer = BufferUtil.allocate(BLOCK);
        while (fill(buffer) >= 0) {
            out.write(buffer.array(), buffer.arrayOffset() + buffer.position(), buffer.remaining());
            BufferUtil.clear(buffer);
        }
        server.shutdownOutput();
    }

    private void back(Socket server) {
        try {
            var in = server.getInputStream();
            var bytes = new byte[BLOCK];
            for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
                write(ByteBuffer.wrap(bytes, 0, length));
            }
        } catch (IOException e) {
            gateway.close(e);
        } finally {
            // A server that is done answers no more: the gateway must not wait for it.
            gateway.close();
        }
    }

    private int fill(ByteBuffer buffer) throws IOException {
        int length = gateway.fill(buffer);
        while (length == 0) {
            try (var ready = Blocker.callback()) {
                gateway.fillInterested(ready);
                ready.block();
            }
            length = gateway.fill(buffer);
        }
        return length;
    }

    private void write(ByteBuffer bytes) throws IOException {
        try (var written = Blocker.callback()) {
            gateway.write(written, bytes);
            written.block();
        }
    }
}
