package dev.runtimebridge.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Sends requests over TLS as they are written, to whatever host on 127.0.0.1; trusts anybody. */
public final class RawHttps implements Closeable {
    private static final int LONGEST_MILLIS = 20_000;

    private final SSLSocket socket;
    private final InputStream in;

    /** What was answered; the body up to its length, or whole when there is none. */
    public record Answer(int status, List<String> headers, String body) {
        public Optional<String> header(String name) {
            var start = name.toLowerCase(Locale.ROOT) + ":";
            return headers.stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                    .map(line -> line.substring(start.length()).strip())
                    .findFirst();
        }
    }

    private RawHttps(SSLSocket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** Connects to 127.0.0.1, asking for {@code host}. */
    public static RawHttps connect(String host, int port) throws IOException {
        var plain = new Socket();
        plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
        plain.setSoTimeout(LONGEST_MILLIS);
        var socket =
                (SSLSocket) trusting().getSocketFactory().createSocket(plain, host, port, true);
        var parameters = new SSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(host)));
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return new RawHttps(socket);
    }

    /** One request on a connection of its own. */
    public static Answer once(String host, int port, String requestLine, String... headers)
            throws IOException {
        try (var connection = connect(host, port)) {
            return connection.ask(host + ":" + port, requestLine, headers);
        }
    }

    /** A request without a body. */
    public Answer ask(String host, String requestLine, String... headers) throws IOException {
        send(
                requestLine
                        + " HTTP/1.1\r\nHost: "
                        + host
                        + "\r\n"
                        + String.join("", List.of(headers).stream().map(h -> h + "\r\n").toList())
                        + "\r\n");
        return answer(requestLine.startsWith("HEAD "));
    }

    public void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** The next answer. */
    public Answer answer(boolean head) throws IOException {
        var first = line();
        if (!first.startsWith("HTTP/1.1 ")) {
            throw new IOException("no answer but '" + first + "'");
        }
        int status = Integer.parseInt(first.substring(9, 12));
        var headers = new ArrayList<String>();
        for (var line = line(); !line.isEmpty(); line = line()) {
            headers.add(line);
        }
        var answer = new Answer(status, headers, "");
        boolean bodiless = head || status == 204 || status == 304 || status == 101;
        return bodiless ? answer : new Answer(status, headers, body(answer));
    }

    private String body(Answer answer) throws IOException {
        var length = answer.header("Content-Length");
        if (length.isPresent()) {
            return new String(in.readNBytes(Integer.parseInt(length.get())), ISO_8859_1);
        }
        if (answer.header("Transfer-Encoding").isEmpty()) {
            return new String(in.readAllBytes(), ISO_8859_1);
        }
        var whole = new ByteArrayOutputStream();
        for (int size = chunk(); size > 0; size = chunk()) {
            whole.write(in.readNBytes(size));
            line();
        }
        line();
        return whole.toString(ISO_8859_1);
    }

    private int chunk() throws IOException {
        return Integer.parseInt(line(), 16);
    }

    /** The next line without its end. */
    public String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the connection ended");
            }
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(ISO_8859_1);
    }

    /** The next byte; -1 once the other side has closed. */
    public int read() throws IOException {
        return in.read();
    }

    public void within(int millis) throws IOException {
        socket.setSoTimeout(millis);
    }

    /** A context that believes any certificate. */
    public static SSLContext trusting() {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Anybody()}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
