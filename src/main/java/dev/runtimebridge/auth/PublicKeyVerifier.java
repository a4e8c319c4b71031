package dev.runtimebridge.auth;

import com.auth0.jwt.algorithms.Algorithm;

import dev.runtimebridge.auth.AuthSettings.KeyAlgorithm;
import dev.runtimebridge.auth.JwtChecks.KeyAnswer;
import dev.runtimebridge.secret.Secret;

import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;

/** Verifies RS256 or ES256 with one key. */
final class PublicKeyVerifier implements TokenVerifier {
    private final JwtChecks checks;
    private final KeyAnswer key;

    /** Throws {@code IllegalArgumentException} when the key is of another kind. */
    PublicKeyVerifier(JwtChecks checks, KeyAlgorithm algorithm, PublicKey key) {
        this.checks = checks;
        this.key = new KeyAnswer.Found(checks.with(algorithm(algorithm, key)));
    }

    static Algorithm algorithm(KeyAlgorithm algorithm, PublicKey key) {
        if (algorithm == KeyAlgorithm.RS256 && key instanceof RSAPublicKey rsa) {
            return Algorithm.RSA256(rsa, null);
        }
        if (algorithm == KeyAlgorithm.ES256 && key instanceof ECPublicKey ec) {
            return Algorithm.ECDSA256(ec, null);
        }
        throw new IllegalArgumentException(
                algorithm + " needs another key than " + key.getAlgorithm());
    }

    @Override
    public Verdict verify(Secret token) {
        return checks.verify(token, header -> key);
    }
}
