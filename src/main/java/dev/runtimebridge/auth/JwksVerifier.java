package dev.runtimebridge.auth;

import dev.runtimebridge.auth.AuthSettings.Mode;
import dev.runtimebridge.secret.Secret;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Verifies with the keys that the issuer publishes at the configured URL. A URL or key that a token
 * brings with it ({@code jku}, {@code x5u}, {@code jwk}) is not even read.
 */
final class JwksVerifier implements TokenVerifier, AutoCloseable {
    private static final long LARGEST_BYTES = 512 * 1024;

    private final JwtChecks checks;
    private final PublishedKeys keys;
    private final BoundedHttp http;
    private final ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();

    JwksVerifier(JwtChecks checks, Mode.Jwks issuer, Duration limit, InstantSource clock) {
        this.checks = checks;
        this.http = new BoundedHttp(limit, LARGEST_BYTES);
        this.keys = new PublishedKeys(issuer, checks, http, limit, clock, background);
    }

    @Override
    public Verdict verify(Secret token) {
        return checks.verify(token, header -> keys.find(Optional.ofNullable(header.getKeyId())));
    }

    @Override
    public void close() {
        http.close();
        background.shutdownNow();
    }
}
