package dev.runtimebridge.auth;

import dev.runtimebridge.auth.TokenVerifier.Verdict.Rejected;
import dev.runtimebridge.secret.Secret;

import java.util.Optional;

/** What can be said of a token before anything is parsed, hashed or sent. */
final class TokenText {
    /** As much as common servers take in a header. */
    static final int LONGEST = 8 * 1024;

    private TokenText() {}

    static Optional<Rejected> refused(Secret token) {
        var text = token.reveal();
        if (text.isEmpty()) {
            return Optional.of(new Rejected("the token is empty"));
        }
        if (text.length() > LONGEST) {
            return Optional.of(new Rejected("the token has more than " + LONGEST + " characters"));
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) >= 0x7f) {
                return Optional.of(new Rejected("the token holds characters that no token has"));
            }
        }
        return Optional.empty();
    }
}
