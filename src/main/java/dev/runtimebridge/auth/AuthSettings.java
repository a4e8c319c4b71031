package dev.runtimebridge.auth;

import dev.runtimebridge.secret.Secret;

import java.net.URI;
import java.security.PublicKey;
import java.time.Duration;
import java.util.Optional;

/**
 * How users' tokens are verified.
 *
 * @param issuer what {@code iss} must be, when it is checked
 * @param audience what {@code aud} must name, when it is checked
 * @param leeway how far the issuer's clock may be off
 */
public record AuthSettings(
        Mode mode,
        ClaimNames claims,
        Optional<String> issuer,
        Optional<String> audience,
        Duration leeway) {

    /** The algorithms that a public key verifies. */
    public enum KeyAlgorithm {
        RS256,
        ES256
    }

    /** Which claims say what. */
    public record ClaimNames(String user, String email, String roles) {}

    /** Who knows whether a token is good. */
    public sealed interface Mode {
        /** We do, by HS256 with a secret shared with the issuer, at least 32 bytes. */
        record SharedSecret(Secret secret) implements Mode {}

        /** We do, by the issuer's public key. */
        record FixedKey(KeyAlgorithm algorithm, PublicKey key) implements Mode {}

        /** We do, by the keys that the issuer publishes. */
        record Jwks(KeyAlgorithm algorithm, URI url) implements Mode {}

        /** A service that is asked by {@code POST <url>} with {@code {"token": "..."}}. */
        record Remote(URI url) implements Mode {}
    }
}
