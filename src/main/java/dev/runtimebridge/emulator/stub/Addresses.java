package dev.runtimebridge.emulator.stub;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Loopback addresses 127.65.x.y, and 127.66.x.y as their public ones. An address is held by a bound
 * socket that does not listen: others cannot take it, and a connection to it is refused, as it is
 * by an agent that is not up yet.
 */
final class Addresses {
    private static final int SIZE = 256 * 254;
    private static final int MOST_STRANGERS = 1_000;
    private static final int BACKLOG = 16;

    private final int port;
    private int next = ThreadLocalRandom.current().nextInt(SIZE);

    Addresses(int port) {
        this.port = port;
    }

    /** A place, held. */
    record Held(String host, SocketChannel holder) {}

    /**
     * Takes the next address that nobody has.
     *
     * @return what follows {@code 127.65.}, and what holds it
     * @throws IllegalStateException when none can be had
     */
    synchronized Held take() {
        IOException last = new IOException("no address was tried");
        for (int stranger = 0; stranger < MOST_STRANGERS; stranger++) {
            var host = next / 254 + "." + (next % 254 + 1);
            next = (next + 1) % SIZE;
            try {
                return new Held(host, hold("127.65." + host));
            } catch (IOException e) {
                last = e;
            }
        }
        throw new IllegalStateException(
                "no address in 127.65.0.0/16 has port " + port + " free: " + last.getMessage(),
                last);
    }

    SocketChannel hold(String ip) throws IOException {
        var channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            return channel.bind(at(ip));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Listens where nothing holds the address any more. */
    ServerSocketChannel listen(String ip) throws IOException {
        var channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(at(ip), BACKLOG);
            channel.configureBlocking(false);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private InetSocketAddress at(String ip) {
        return new InetSocketAddress(InetAddress.ofLiteral(ip), port);
    }
}
