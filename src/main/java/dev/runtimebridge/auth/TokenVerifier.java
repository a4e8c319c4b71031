package dev.runtimebridge.auth;

import dev.runtimebridge.secret.Secret;

/** Verifies a user's token. Safe for many threads. */
public interface TokenVerifier {
    Verdict verify(Secret token);

    /** What verification came to. */
    sealed interface Verdict {
        record Accepted(Caller caller) implements Verdict {}

        /** The token is no good; {@code why} is one sentence that may be shown to the caller. */
        record Rejected(String why) implements Verdict {}

        /** Whoever would know cannot be asked now. */
        record Unavailable(String why) implements Verdict {}
    }
}
