package dev.runtimebridge.auth;

import dev.runtimebridge.secret.Secret;

import java.net.URI;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
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
        /** By an RSA key of at least {@link #LEAST_RSA_BITS}. */
        RS256,
        /** By a key on the curve P-256. */
        ES256;

        public static final int LEAST_RSA_BITS = 2048;

        /** Whether {@code key} is of the kind that this algorithm verifies by. */
        public boolean fits(PublicKey key) {
            return switch (this) {
                case RS256 ->
                        key instanceof RSAPublicKey rsa
                                && rsa.getModulus().bitLength() >= LEAST_RSA_BITS;
                case ES256 -> key instanceof ECPublicKey ec && isP256(ec.getParams());
            };
        }

        private static boolean isP256(ECParameterSpec curve) {
            try {
                var parameters = AlgorithmParameters.getInstance("EC");
                parameters.init(new ECGenParameterSpec("secp256r1"));
                var p256 = parameters.getParameterSpec(ECParameterSpec.class);
                return curve.getCurve().equals(p256.getCurve())
                        && curve.getGenerator().equals(p256.getGenerator());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JDK has P-256", e);
            }
        }
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
