package dev.runtimebridge.secret;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;

import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Proves to one container's agent that the bridge is calling: a JWT of a minute, RS256, that names
 * the container.
 */
public final class BridgeProof {
    public static final String HEADER = "X-Bridge-Proof";
    private static final String ISSUER = "runtime-bridge";
    private static final Duration VALID_FOR = Duration.ofSeconds(60);

    private final Algorithm algorithm;
    private final InstantSource clock;

    /** Signs with the private half of a {@link BridgeKey}. */
    public BridgeProof(RSAPrivateKey key, InstantSource clock) {
        this.algorithm = Algorithm.RSA256(null, key);
        this.clock = clock;
    }

    /** The proof for the container that the provider calls {@code ref}. */
    public Secret forContainer(String ref) {
        return new Secret(
                JWT.create()
                        .withIssuer(ISSUER)
                        .withAudience(ref)
                        .withExpiresAt(clock.instant().plus(VALID_FOR))
                        .sign(algorithm));
    }
}
