package dev.runtimeagent.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.javalin.http.Context;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/**
 * Reads a request's body as one JSON object, within {@link #LIMIT_BYTES}, trusting nothing that its
 * headers say.
 */
final class JsonBody {
    /** Largest body of a request; the largest legitimate one is a hundredth of it. */
    static final int LIMIT_BYTES = 64 * 1024;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final ObjectMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private JsonBody() {}

    static ObjectNode read(Context ctx) {
        refuseOtherTypes(ctx.contentType());
        try {
            if (JSON.readTree(bytes(ctx)) instanceof ObjectNode fields) {
                return fields;
            }
            throw new ProblemException(400, "the body is not a JSON object");
        } catch (JacksonException e) {
            throw new ProblemException(400, "the body is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new ProblemException(400, "the body cannot be read as JSON");
        }
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

    private static byte[] bytes(Context ctx) {
        var tooLarge =
                new ProblemException(413, "the body is larger than " + LIMIT_BYTES + " bytes");
        if (ctx.req().getContentLengthLong() > LIMIT_BYTES) {
            throw tooLarge;
        }
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        var bytes = new ByteArrayOutputStream();
        var chunk = new byte[8 * 1024];
        try {
            var body = ctx.req().getInputStream();
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
