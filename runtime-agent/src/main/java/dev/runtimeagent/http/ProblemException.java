package dev.runtimeagent.http;

/** Ends a request with an error that its caller is told. The message is one sentence for people. */
final class ProblemException extends RuntimeException {
    private final int status;

    ProblemException(int status, String detail) {
        super(detail, null, false, false);
        this.status = status;
    }

    Problem problem() {
        return Problem.of(status, String.valueOf(getMessage()));
    }
}
