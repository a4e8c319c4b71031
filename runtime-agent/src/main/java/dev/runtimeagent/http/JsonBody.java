package dev.runtimeagent.http;

import dev.runtimeagent.json.NotJson;
import dev.runtimeagent.json.StrictJson;

import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/**
 * A request's body, read within {@link #LIMIT_BYTES}, trusting nothing that its headers say. It is
 * parsed when {@link #fields} is called, once it is known who sent it.
 */
final class JsonBody {
    /** Largest body of a request; the largest legitimate one is a hundredth of it. */
    static final int LIMIT_BYTES = 64 * 1024;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final byte[] bytes;

    private JsonBody(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Reads the whole body. */
    static JsonBody read(Exchange exchange) {
        refuseOtherTypes(exchange.header("Content-Type"));
        return new JsonBody(bytes(exchange));
    }

    /** The object that it is. */
    JSONObject fields() {
        try {
            return StrictJson.object(bytes);
        } catch (NotJson e) {
            throw new ProblemException(400, "the body is not a JSON object: " + e.getMessage());
        }
    }

    /** As it was sent. */
    byte[] bytes() {
        return bytes.clone();
    }

    private static void refuseOtherTypes(@Nullable String type) {
        if (type == null) {
            return;
        }
        var media = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!media.equals("application/json")) {
            throw new ProblemException(415, "send the body as application/json");
        }
    }

    private static byte[] bytes(Exchange exchange) {
        var tooLarge =
                new ProblemException(413, "the body is larger than " + LIMIT_BYTES + " bytes");
        if (exchange.declaredLength() > LIMIT_BYTES) {
            throw tooLarge;
        }
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        var bytes = new ByteArrayOutputStream();
        var chunk = new byte[8 * 1024];
        try {
            var body = exchange.body();
            for (int length = body.read(chunk); length >= 0; length = body.read(chunk)) {
                bytes.write(chunk, 0, length);
                if (bytes.size() > LIMIT_BYTES) {
                    throw tooLarge;
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new ProblemException(
                            408, "the body took longer than " + PATIENCE.toSeconds() + " s");
                }
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new ProblemException(400, "the body ended early");
        }
    }
}
