package dev.runtimebridge.secret;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/**
 * Proves to one container's agent that the bridge is calling: a JWT of a minute, RS256, that names
 * the container. Safe for many threads.
 */
public final class BridgeProof {
    public static final String HEADER = "X-Bridge-Proof";
    private static final String ISSUER = "runtime-bridge";
    private static final Duration VALID_FOR = Duration.ofSeconds(60);

    /** An agent that is sent one has at least half of its minute left. */
    private static final Duration KEPT_FOR = VALID_FOR.dividedBy(2);

    private static final int MOST_KEPT = 10_000;

    private final Algorithm algorithm;
    private final InstantSource clock;
    private final Cache<String, Secret> made;

    /** Signs with the private half of a {@link BridgeKey}. */
    public BridgeProof(RSAPrivateKey key, InstantSource clock) {
        this.algorithm = Algorithm.RSA256(null, key);
        this.clock = clock;
        this.made =
                Caffeine.newBuilder()
                        .ticker(() -> ChronoUnit.NANOS.between(Instant.EPOCH, clock.instant()))
                        .expireAfterWrite(KEPT_FOR)
                        .maximumSize(MOST_KEPT)
                        .executor(Runnable::run)
                        .build();
    }

    /**
     * The proof for the container that the provider calls {@code ref}. Making one takes a
     * millisecond of a core; who knows that it will be wanted asks for it beforehand.
     */
    public Secret forContainer(String ref) {
        return made.get(ref, this::sign);
    }

    private Secret sign(String ref) {
        return new Secret(
                JWT.create()
                        .withIssuer(ISSUER)
                        .withAudience(ref)
                        .withExpiresAt(clock.instant().plus(VALID_FOR))
                        .sign(algorithm));
    }
}
