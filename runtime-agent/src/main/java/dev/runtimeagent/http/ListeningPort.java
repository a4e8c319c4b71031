package dev.runtimeagent.http;

import dev.runtimeagent.config.AgentSettings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;

/** The agent's port, taken before there is a server on it: who connects early waits for one. */
public final class ListeningPort implements AutoCloseable {
    private static final int MOST_WAITING = 64;

    private final ServerSocketChannel channel;

    private ListeningPort(ServerSocketChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the port of {@code settings}, or a free one for 0.
     *
     * @throws UncheckedIOException when it cannot be listened on; the message names address and
     *     port
     */
    public static ListeningPort take(AgentSettings settings) {
        try {
            var channel = ServerSocketChannel.open();
            try {
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                channel.bind(
                        new InetSocketAddress(settings.address(), settings.port()), MOST_WAITING);
                return new ListeningPort(channel);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            var where = settings.address().getHostAddress() + ":" + settings.port();
            throw new UncheckedIOException(
                    "cannot listen on " + where + "; is the port in use?", e);
        }
    }

    ServerSocketChannel channel() {
        return channel;
    }

    /** Its number. */
    public int number() {
        return channel.socket().getLocalPort();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the port could not be given back", e);
        }
    }
}
