package dev.runtimeagent.http;

import java.util.Map;

/** Ends a request with an error that its caller is told. The message is one sentence for people. */
final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Map<String, String> headers;

    ProblemException(int status, String detail) {
        this(status, detail, Map.of());
    }

    /** With further headers of the answer, by name. */
    ProblemException(int status, String detail, Map<String, String> headers) {
        super(detail, null, false, false);
        this.status = status;
        this.headers = Map.copyOf(headers);
    }

    Problem problem() {
        return Problem.of(status, String.valueOf(getMessage()));
    }

    Map<String, String> headers() {
        return headers;
    }
}
