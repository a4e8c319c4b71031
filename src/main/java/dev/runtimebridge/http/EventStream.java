package dev.runtimebridge.http;

import dev.runtimebridge.allocation.Event;
import dev.runtimebridge.http.wire.EventAnswer;

import jakarta.servlet.http.HttpServletResponse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Writes server-sent events, each at once. Javalin's own emitter swallows the fault that says a
 * client is gone, and the ending of a stream depends on it.
 */
final class EventStream {
    private final OutputStream out;
    private final WireJson json;

    /** Sends the headers. */
    EventStream(HttpServletResponse response, WireJson json) throws IOException {
        this.json = json;
        response.setStatus(200);
        response.setContentType("text/event-stream");
        response.setCharacterEncoding("UTF-8");
        response.setHeader("Cache-Control", "no-store");
        // NGINX would otherwise hold events back until its buffer is full.
        response.setHeader("X-Accel-Buffering", "no");
        this.out = response.getOutputStream();
        response.flushBuffer();
    }

    /** Sends one event: id, name and a line of JSON, which has no line breaks. */
    void event(Event event) throws IOException {
        var text = new ByteArrayOutputStream(256);
        text.writeBytes(
                ascii(
                        "id: %d\nevent: %s\ndata: "
                                .formatted(
                                        event.id(),
                                        event.phase().name().toLowerCase(Locale.ROOT))));
        text.writeBytes(json.bytes(EventAnswer.of(event)));
        text.writeBytes(ascii("\n\n"));
        send(text.toByteArray());
    }

    /** Sends what readers skip. */
    void comment(String text) throws IOException {
        send(ascii(": " + text + "\n\n"));
    }

    private void send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
