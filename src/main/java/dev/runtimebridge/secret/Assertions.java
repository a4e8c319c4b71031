package dev.runtimebridge.secret;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;

import dev.runtimebridge.allocation.UserId;

import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Tells one container's agent who is at the gateway: a JWT of a minute, RS256, that names
 * container, user and port. Its issuer is another one than that of a {@link BridgeProof}, which it
 * must never pass for.
 */
public final class Assertions {
    /**
     * How long one may go on being used, what a gateway remembers on top: as long as it is valid,
     * nearly, since a signature takes most of a millisecond.
     */
    public static final Duration USED_FOR = Duration.ofSeconds(55);

    private static final String ISSUER = "runtime-bridge-gateway";
    private static final Duration VALID_FOR = Duration.ofSeconds(60);

    private final Algorithm algorithm;
    private final InstantSource clock;

    /** Signs with the private half of a {@link BridgeKey}. */
    public Assertions(RSAPrivateKey key, InstantSource clock) {
        this.algorithm = Algorithm.RSA256(null, key);
        this.clock = clock;
    }

    /** Who is at the gateway. */
    public sealed interface Visitor {
        record Owner(UserId user) implements Visitor {}

        /** Anybody who has the link of this share. */
        record Guest(String share) implements Visitor {}
    }

    /**
     * For the container that the provider calls {@code ref}. The subject is a user's id, or {@code
     * share } and a share's; only a guest's has the claim {@code share}.
     *
     * @param port of the container
     */
    public Secret of(String ref, Visitor visitor, int port) {
        var jwt =
                JWT.create()
                        .withIssuer(ISSUER)
                        .withAudience(ref)
                        .withClaim("port", port)
                        .withExpiresAt(clock.instant().plus(VALID_FOR));
        switch (visitor) {
            case Visitor.Owner(var user) -> jwt.withSubject(user.value());
            case Visitor.Guest(var share) ->
                    jwt.withSubject("share " + share).withClaim("share", share);
        }
        return new Secret(jwt.sign(algorithm));
    }
}
