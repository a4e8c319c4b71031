package dev.runtimebridge.auth;

import com.auth0.jwt.algorithms.Algorithm;

import dev.runtimebridge.auth.JwtChecks.KeyAnswer;
import dev.runtimebridge.secret.Secret;

import java.nio.charset.StandardCharsets;

/** Verifies HS256 with a secret that the issuer has too. */
final class SharedSecretVerifier implements TokenVerifier {
    private final JwtChecks checks;
    private final KeyAnswer key;

    SharedSecretVerifier(JwtChecks checks, Secret secret) {
        this.checks = checks;
        this.key =
                new KeyAnswer.Found(
                        checks.with(
                                Algorithm.HMAC256(
                                        secret.reveal().getBytes(StandardCharsets.UTF_8))));
    }

    @Override
    public Verdict verify(Secret token) {
        return checks.verify(token, header -> key);
    }
}
