package dev.runtimebridge.emulator.stub;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * {@code POST /api/containers/ready} from an agent's own address. A client of the JDK can be bound
 * to one address only and brings threads of its own, too much for thousands; this is one request on
 * one socket.
 */
final class CallHome {
    private static final int PATIENCE_MILLIS = (int) Duration.ofSeconds(5).toMillis();

    private CallHome() {}

    /** Calls once; whether the bridge heard is not its business, which polls anyway. */
    static void call(URI bridge, String fromIp, String container) throws IOException {
        var body = ("{\"container\": \"" + container + "\"}").getBytes(StandardCharsets.US_ASCII);
        var head =
                """
                POST /api/containers/ready HTTP/1.1\r
                Host: %s\r
                Content-Type: application/json\r
                Content-Length: %d\r
                Connection: close\r
                \r
                """
                        .formatted(bridge.getAuthority(), body.length);
        int port = bridge.getPort() < 0 ? 80 : bridge.getPort();
        try (var socket = new Socket()) {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(fromIp), 0));
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(new InetSocketAddress(bridge.getHost(), port), PATIENCE_MILLIS);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            socket.getInputStream().readAllBytes();
        }
    }
}
