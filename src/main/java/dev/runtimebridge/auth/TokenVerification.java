package dev.runtimebridge.auth;

import com.github.benmanes.caffeine.cache.Ticker;

import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.auth.AuthSettings.ClaimNames;
import dev.runtimebridge.auth.AuthSettings.KeyAlgorithm;
import dev.runtimebridge.auth.AuthSettings.Mode;
import dev.runtimebridge.secret.Secret;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/** Verifies users' tokens in the mode that is configured, and remembers those that were good. */
public final class TokenVerification implements TokenVerifier, AutoCloseable {
    /** How long a service that has to be asked may take. */
    private static final Duration REMOTE_LIMIT = Duration.ofSeconds(5);

    private static final Duration LEFT_ALONE = Duration.ofSeconds(5);
    private static final int ES256_SIGNATURE_BYTES = 64;

    private static final int SECRET_BYTES = 32;

    private final AuthSettings settings;
    private final InstantSource clock;
    private final TokenVerifier mode;
    private final CachingVerifier cached;

    /** Verifies by {@code clock}. */
    public TokenVerification(AuthSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.mode = mode(settings, clock);
        this.cached = new CachingVerifier(mode, clock, Ticker.systemTicker());
    }

    private static TokenVerifier mode(AuthSettings settings, InstantSource clock) {
        var checks = new JwtChecks(settings, clock);
        return switch (settings.mode()) {
            case Mode.SharedSecret(var secret) -> new SharedSecretVerifier(checks, secret);
            case Mode.FixedKey(var algorithm, var key) ->
                    new PublicKeyVerifier(checks, algorithm, key);
            case Mode.Jwks jwks -> new JwksVerifier(checks, jwks, REMOTE_LIMIT, clock);
            case Mode.Remote remote ->
                    new RemoteVerifier(settings, remote, REMOTE_LIMIT, LEFT_ALONE, clock);
        };
    }

    @Override
    public Verdict verify(Secret token) {
        return cached.verify(token);
    }

    /**
     * Verifies a token that is not good, and one of our own making that is, so that the first good
     * one does not pay for what a fresh JVM has to load (some 200 ms with ES256) and the issuer's
     * keys are at hand. Never fails: what cannot be had now is had later. A remote service is left
     * in peace.
     */
    public void warmUp() {
        switch (settings.mode()) {
            case Mode.SharedSecret ignored -> mode.verify(forged("HS256"));
            case Mode.FixedKey(var algorithm, var ignored) -> mode.verify(forged(algorithm.name()));
            case Mode.Jwks(KeyAlgorithm algorithm, var ignored) ->
                    mode.verify(forged(algorithm.name()));
            case Mode.Remote ignored -> {}
        }
        acceptOne();
    }

    /** The way of a good token, with a secret that nobody else ever has. */
    private void acceptOne() {
        var bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        var secret = new Secret(encoded(bytes));
        var own =
                new AuthSettings(
                        new Mode.SharedSecret(secret),
                        new ClaimNames("userId", "email", "roles"),
                        Optional.empty(),
                        Optional.empty(),
                        settings.leeway());
        var token =
                new TokenMinter(secret, clock)
                        .mint(new UserId("1"), Optional.empty(), Set.of(), CachingVerifier.LONGEST);
        new CachingVerifier(mode(own, clock), clock, Ticker.systemTicker()).verify(token);
    }

    private static Secret forged(String algorithm) {
        var signature = new byte[ES256_SIGNATURE_BYTES];
        Arrays.fill(signature, (byte) 1);
        return new Secret(
                encoded(
                                ("{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\"}")
                                        .getBytes(StandardCharsets.UTF_8))
                        + "."
                        + encoded("{}".getBytes(StandardCharsets.UTF_8))
                        + "."
                        + encoded(signature));
    }

    private static String encoded(byte[] part) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(part);
    }

    @Override
    public void close() {
        switch (mode) {
            case JwksVerifier jwks -> jwks.close();
            case RemoteVerifier remote -> remote.close();
            default -> {}
        }
    }
}
