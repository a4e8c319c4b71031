package dev.runtimebridge.http;

import java.io.Serial;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Ends a request with a problem. Carries no stack trace: it says something to a caller, not to a
 * developer.
 */
@SuppressWarnings("serial") // never serialized; its fields need not be
final class ProblemException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private final ProblemKind kind;
    private final String detail;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, Object> fields = new LinkedHashMap<>();

    /** A problem with one sentence that says what is wrong and what to do. */
    ProblemException(ProblemKind kind, String detail) {
        super(detail, null, false, false);
        this.kind = kind;
        this.detail = detail;
    }

    static ProblemException invalid(String detail) {
        return new ProblemException(ProblemKind.INVALID_REQUEST, detail);
    }

    ProblemException header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    ProblemException retryAfter(Duration wait) {
        return header("Retry-After", Long.toString(Math.max(1, wait.toSeconds())));
    }

    /** A further member of the problem's body. */
    ProblemException field(String name, Object value) {
        fields.put(name, value);
        return this;
    }

    ProblemKind kind() {
        return kind;
    }

    String detail() {
        return detail;
    }

    Map<String, String> headers() {
        return headers;
    }

    Map<String, Object> fields() {
        return fields;
    }
}
