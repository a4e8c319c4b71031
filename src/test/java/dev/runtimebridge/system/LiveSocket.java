package dev.runtimebridge.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.testing.RawHttps;

import java.io.IOException;
import java.net.URI;

/** A WebSocket to the dev server of {@link PreviewTest}, as its own page opens it. */
final class LiveSocket implements AutoCloseable {
    private static final int TEXT = 0x81;

    private final RawHttps connection;

    /**
     * @param url of the page
     * @param session the header with the cookie
     */
    LiveSocket(String url, String session) throws IOException {
        var uri = URI.create(url);
        connection = RawHttps.connect(uri.getHost(), uri.getPort());
        var opened =
                connection.ask(
                        uri.getAuthority(),
                        "GET /live",
                        session,
                        "Origin: " + url,
                        "Connection: Upgrade",
                        "Upgrade: websocket",
                        "Sec-WebSocket-Version: 13",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
        assertThat(opened.status()).isEqualTo(101);
    }

    /** Says hello in a masked frame, and tells the text of the answer's frame. */
    String hello() throws IOException {
        connection.send("\u0081\u0085\0\0\0\0hello");
        assertThat(connection.read()).isEqualTo(TEXT);
        var text = new StringBuilder();
        for (int left = connection.read(); left > 0; left--) {
            text.append((char) connection.read());
        }
        return text.toString();
    }

    /** Waits for its end; fails after this long without one. */
    void awaitEnd(int withinMillis) throws IOException {
        connection.within(withinMillis);
        assertThat(connection.read()).isEqualTo(-1);
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
