package dev.runtimebridge.auth;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTCreator;
import com.auth0.jwt.algorithms.Algorithm;

import dev.runtimebridge.auth.AuthSettings.ClaimNames;
import dev.runtimebridge.auth.AuthSettings.Mode;
import dev.runtimebridge.secret.Secret;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/** Keys, settings and tokens for tests. The time is {@link #NOW}. */
final class Tokens {
    static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
    static final Secret SECRET = new Secret("0123456789abcdefghijklmnopqrstuvwxyz");
    static final Algorithm HS256 = Algorithm.HMAC256(bytes(SECRET.reveal()));
    static final KeyPair RSA = pair("RSA");
    static final KeyPair OTHER_RSA = pair("RSA");
    static final KeyPair EC = pair("EC");

    private Tokens() {}

    static AuthSettings settings(Mode mode) {
        return new AuthSettings(
                mode,
                new ClaimNames("userId", "email", "roles"),
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(5));
    }

    static AuthSettings checking(Mode mode, String issuer, String audience) {
        var plain = settings(mode);
        return new AuthSettings(
                mode, plain.claims(), Optional.of(issuer), Optional.of(audience), plain.leeway());
    }

    /** A good one, to be spoilt. */
    static JWTCreator.Builder token() {
        return JWT.create()
                .withClaim("userId", 7)
                .withClaim("email", "a@b.c")
                .withIssuedAt(NOW.minusSeconds(10))
                .withExpiresAt(NOW.plusSeconds(600));
    }

    static Secret signed(JWTCreator.Builder token, Algorithm algorithm) {
        return new Secret(token.sign(algorithm));
    }

    static Algorithm rs256(KeyPair pair) {
        return Algorithm.RSA256((RSAPublicKey) pair.getPublic(), (RSAPrivateKey) pair.getPrivate());
    }

    static Algorithm es256(KeyPair pair) {
        return Algorithm.ECDSA256((ECPublicKey) pair.getPublic(), (ECPrivateKey) pair.getPrivate());
    }

    /** Header and payload as they stand, with any signature. */
    static Secret raw(String header, String payload, byte[] signature) {
        return new Secret(
                base64(bytes(header)) + "." + base64(bytes(payload)) + "." + base64(signature));
    }

    static Secret rawSigned(String header, String payload, Algorithm algorithm) {
        return raw(
                header,
                payload,
                algorithm.sign(bytes(base64(bytes(header))), bytes(base64(bytes(payload)))));
    }

    static String goodPayload() {
        return "{\"userId\":7,\"exp\":" + NOW.plusSeconds(600).getEpochSecond() + "}";
    }

    static KeyPair pair(String type) {
        try {
            var generator = KeyPairGenerator.getInstance(type);
            if (type.equals("EC")) {
                generator.initialize(new ECGenParameterSpec("secp256r1"));
            } else {
                generator.initialize(2048);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
