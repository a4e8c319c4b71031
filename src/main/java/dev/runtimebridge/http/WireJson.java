package dev.runtimebridge.http;

import static com.fasterxml.jackson.databind.cfg.CoercionAction.Fail;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;

import io.javalin.http.Context;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads and writes bodies. Strict in what it reads: UTF-8 without a fault, one JSON value and
 * nothing after it, no field twice, no value of another type than the documented one. Fields that
 * nobody knows are skipped.
 */
final class WireJson {
    /** The longest body that is read, in bytes. */
    static final int LONGEST_BODY = 1_000_000;

    private static final int DEEPEST = 32;
    private static final int BUFFER = 1024;

    private final Duration bodyWithin;

    private final JsonMapper mapper =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(DEEPEST)
                                                    .maxStringLength(LONGEST_BODY)
                                                    .build())
                                    .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                    .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                    .withCoercionConfig(
                            LogicalType.Textual,
                            text ->
                                    text.setCoercion(CoercionInputShape.Integer, Fail)
                                            .setCoercion(CoercionInputShape.Float, Fail)
                                            .setCoercion(CoercionInputShape.Boolean, Fail))
                    .build();
    private final Map<Class<?>, ObjectReader> readers = new ConcurrentHashMap<>();

    /**
     * Reads and writes bodies.
     *
     * @param bodyWithin how long a body may take to arrive
     */
    WireJson(Duration bodyWithin) {
        this.bodyWithin = bodyWithin;
    }

    /**
     * Reads the request's body.
     *
     * @throws ProblemException when it is no JSON, not of this type, too large or of another media
     *     type
     */
    <T> T read(Context ctx, Class<T> type) {
        return read(ctx, type, readers.computeIfAbsent(type, mapper::readerFor));
    }

    /** Reads the request's body, and refuses fields that nobody knows. */
    <T> T readExactly(Context ctx, Class<T> type) {
        return read(
                ctx,
                type,
                mapper.readerFor(type).with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES));
    }

    private <T> T read(Context ctx, Class<T> type, ObjectReader reader) {
        refuseOtherMediaTypes(ctx);
        var text = utf8(bytes(ctx));
        if (text.isBlank()) {
            throw ProblemException.invalid("the body is missing: send a JSON object");
        }
        try {
            T value = type.cast(reader.<Object>readValue(text));
            if (value == null) {
                throw ProblemException.invalid("the body must be a JSON object, not null");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw ProblemException.invalid(JsonFaults.said(e));
        }
    }

    byte[] bytes(Object value) {
        try {
            return mapper.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "a " + value.getClass().getSimpleName() + " cannot be written as JSON", e);
        }
    }

    void answer(Context ctx, int status, Object value) {
        ctx.status(status).contentType("application/json").result(bytes(value));
    }

    private static void refuseOtherMediaTypes(Context ctx) {
        var declared = ctx.req().getContentType();
        if (declared != null && !isJson(declared)) {
            var accepts = ctx.req().getMethod().equals("PATCH") ? "Accept-Patch" : "Accept-Post";
            throw new ProblemException(
                            ProblemKind.UNSUPPORTED_MEDIA_TYPE,
                            "send the body as application/json in UTF-8")
                    .header(accepts, "application/json");
        }
        var encoding = ctx.header("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw new ProblemException(
                    ProblemKind.UNSUPPORTED_MEDIA_TYPE, "send the body without Content-Encoding");
        }
    }

    private static boolean isJson(String declared) {
        var parts = declared.toLowerCase(Locale.ROOT).split(";", -1);
        if (!parts[0].strip().equals("application/json")) {
            return false;
        }
        for (int i = 1; i < parts.length; i++) {
            var parameter = parts[i].strip().replace("\"", "");
            if (parameter.startsWith("charset=") && !parameter.equals("charset=utf-8")) {
                return false;
            }
        }
        return true;
    }

    private byte[] bytes(Context ctx) {
        long start = System.nanoTime();
        var body = new ByteArrayOutputStream(BUFFER);
        var buffer = new byte[BUFFER];
        try {
            var in = ctx.req().getInputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                body.write(buffer, 0, read);
                if (body.size() > LONGEST_BODY) {
                    throw Problems.bodyTooLarge();
                }
                // A connection that trickles is never idle.
                if (System.nanoTime() - start > bodyWithin.toNanos()) {
                    throw Problems.bodyTooSlow();
                }
            }
        } catch (IOException e) {
            throw Problems.unreadable(e);
        }
        return body.toByteArray();
    }

    private static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw ProblemException.invalid("the body is not UTF-8");
        }
    }
}
