package dev.runtimebridge.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that answers each request with the request's own head. {@code Upgrade} gets 101 and
 * whatever is sent back; {@code /count} counts the body's bytes, {@code /produce} sends as many as
 * its query says.
 */
final class EchoServer implements AutoCloseable {
    private final ServerSocket socket;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    final AtomicInteger accepted = new AtomicInteger();

    EchoServer(String ip) throws IOException {
        socket = new ServerSocket(0, 200, InetAddress.ofLiteral(ip));
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    String place() {
        return socket.getInetAddress().getHostAddress() + ":" + port();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                var one = socket.accept();
                accepted.incrementAndGet();
                open.add(one);
                Thread.ofVirtual().start(() -> serve(one));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket one) {
        try (one) {
            var in = new BufferedInputStream(one.getInputStream());
            for (var head = head(in); !head.isEmpty(); head = head(in)) {
                if (!answer(head, in, one.getOutputStream())) {
                    return;
                }
            }
        } catch (IOException e) {
            return; // the other side has gone
        } finally {
            open.remove(one);
        }
    }

    private static List<String> head(InputStream in) throws IOException {
        var lines = new ArrayList<String>();
        var line = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n') {
                if (line.isEmpty()) {
                    return lines;
                }
                lines.add(line.toString());
                line.setLength(0);
            } else if (c != '\r') {
                line.append((char) c);
            }
        }
        return List.of();
    }

    private static boolean answer(List<String> head, InputStream in, OutputStream out)
            throws IOException {
        var target = head.getFirst().split(" ", -1)[1];
        if (head.stream().anyMatch(line -> line.startsWith("Upgrade:"))) {
            write(
                    out,
                    "HTTP/1.1 101 Switching Protocols\r\n"
                            + "Connection: upgrade\r\n"
                            + "Upgrade: x\r\n\r\n");
            in.transferTo(new Flushed(out));
            return false;
        }
        if (target.startsWith("/count")) {
            respond(out, Long.toString(body(head, in)));
        } else if (target.startsWith("/produce?")) {
            produce(out, Long.parseLong(target.substring("/produce?".length())));
        } else {
            body(head, in);
            respond(out, String.join("\n", head));
        }
        return true;
    }

    private static void respond(OutputStream out, String text) throws IOException {
        write(
                out,
                "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "
                        + text.length()
                        + "\r\n\r\n"
                        + text);
    }

    private static void produce(OutputStream out, long bytes) throws IOException {
        write(out, "HTTP/1.1 200 OK\r\nContent-Length: " + bytes + "\r\n\r\n");
        var block = new byte[64 * 1024];
        for (long left = bytes; left > 0; left -= block.length) {
            out.write(block, 0, (int) Math.min(block.length, left));
        }
        out.flush();
    }

    private static long body(List<String> head, InputStream in) throws IOException {
        for (var line : head) {
            if (line.startsWith("Content-Length: ")) {
                long length = Long.parseLong(line.substring("Content-Length: ".length()));
                in.skipNBytes(length);
                return length;
            }
            if (line.equals("Transfer-Encoding: chunked")) {
                return chunks(in);
            }
        }
        return 0;
    }

    private static long chunks(InputStream in) throws IOException {
        long total = 0;
        while (true) {
            var size = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                size.append((char) c);
            }
            long length = Long.parseLong(size.toString().strip(), 16);
            in.skipNBytes(length + 2);
            total += length;
            if (length == 0) {
                return total;
            }
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(ISO_8859_1));
        out.flush();
    }

    /** Sends what it is given at once. */
    private static final class Flushed extends OutputStream {
        private final OutputStream to;

        Flushed(OutputStream to) {
            this.to = to;
        }

        @Override
        public void write(int b) throws IOException {
            to.write(b);
            to.flush();
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            to.write(bytes, offset, length);
            to.flush();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (var one : open) {
            one.close();
        }
    }
}
