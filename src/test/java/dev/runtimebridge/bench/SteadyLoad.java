package dev.runtimebridge.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Offers one request again and again at a fixed rate, whether answers come or not. A latency counts
 * from when its request was due, so that a server that stalls is charged for everybody who would
 * have asked meanwhile (no coordinated omission). One thread, so that the client's own scheduling
 * adds little.
 */
final class SteadyLoad {
    private static final int LARGEST_ANSWER_BYTES = 16 * 1024;
    private static final long BREATH_NANOS = 20_000;
    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
    private static final String OK = "HTTP/1.1 200 ";

    private final byte[] request;
    private final List<Connection> connections = new ArrayList<>();
    private final Selector selector = Selector.open();
    private final long[] latencies;
    private int answered;

    private SteadyLoad(URI url, byte[] request, int connections, int requests) throws IOException {
        this.request = request;
        this.latencies = new long[requests];
        for (int i = 0; i < connections; i++) {
            this.connections.add(new Connection(url));
        }
    }

    /**
     * Runs in a JVM of its own and prints percentiles: {@code URL TOKEN BODY CONNECTIONS RATE
     * WARM_UP_SECONDS SECONDS}; the rate is requests a second over all connections.
     */
    public static void main(String[] arguments) throws IOException {
        var url = URI.create(arguments[0]);
        var body = arguments[2];
        var request =
                ("POST "
                                + url.getPath()
                                + " HTTP/1.1\r\nHost: "
                                + url.getAuthority()
                                + "\r\nAuthorization: Bearer "
                                + arguments[1]
                                + "\r\nContent-Type: application/json\r\nContent-Length: "
                                + body.length()
                                + "\r\n\r\n"
                                + body)
                        .getBytes(StandardCharsets.ISO_8859_1);
        int connections = Integer.parseInt(arguments[3]);
        int rate = Integer.parseInt(arguments[4]);
        for (int i = 5; i < arguments.length; i++) {
            int requests = rate * Integer.parseInt(arguments[i]);
            var load = new SteadyLoad(url, request, connections, requests);
            var sorted = load.run(rate);
            if (i == arguments.length - 1) {
                System.out.printf(
                        "p50=%.3f p99=%.3f max=%.3f%n",
                        sorted[sorted.length / 2] / 1e6,
                        sorted[(int) (sorted.length * 0.99)] / 1e6,
                        sorted[sorted.length - 1] / 1e6);
            }
        }
    }

    private long[] run(int rate) throws IOException {
        long gap = 1_000_000_000L / rate;
        long start = System.nanoTime() + 10_000_000;
        int sent = 0;
        while (answered < latencies.length) {
            long now = System.nanoTime();
            while (sent < latencies.length && start + sent * gap <= now) {
                connections.get(sent % connections.size()).ask(start + sent * gap);
                sent++;
            }
            if (selector.selectNow(key -> read((Connection) key.attachment())) == 0) {
                LockSupport.parkNanos(BREATH_NANOS);
            }
        }
        for (var connection : connections) {
            connection.channel.close();
        }
        Arrays.sort(latencies);
        return latencies;
    }

    private void read(Connection connection) {
        try {
            connection.read();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** One connection; requests that are due while it waits queue behind. */
    private final class Connection {
        final SocketChannel channel;
        private final Deque<Long> due = new ArrayDeque<>();
        private final ByteBuffer answer = ByteBuffer.allocate(LARGEST_ANSWER_BYTES);

        Connection(URI url) throws IOException {
            channel = SocketChannel.open(new InetSocketAddress(url.getHost(), url.getPort()));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, this);
        }

        void ask(long dueAt) throws IOException {
            due.add(dueAt);
            if (due.size() == 1) {
                write();
            }
        }

        private void write() throws IOException {
            var bytes = ByteBuffer.wrap(request);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        void read() throws IOException {
            if (channel.read(answer) < 0) {
                throw new IOException("the server closed a connection");
            }
            var text =
                    new String(answer.array(), 0, answer.position(), StandardCharsets.ISO_8859_1);
            int head = text.indexOf(new String(END_OF_HEAD, StandardCharsets.ISO_8859_1));
            if (head < 0 || answer.position() < head + END_OF_HEAD.length + length(text)) {
                return;
            }
            if (!text.startsWith(OK)) {
                throw new IOException("not 200: " + text);
            }
            answer.clear();
            latencies[answered++] = System.nanoTime() - due.remove();
            if (!due.isEmpty()) {
                write();
            }
        }

        private int length(String text) {
            var name = "content-length:";
            int at = text.toLowerCase(java.util.Locale.ROOT).indexOf(name);
            int end = text.indexOf("\r\n", at);
            return Integer.parseInt(text.substring(at + name.length(), end).strip());
        }
    }
}
