package dev.runtimebridge.secret;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;

import dev.runtimebridge.allocation.UserId;

import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Tells one container's agent who is at the gateway: a short-lived JWT, RS256, that names
 * container, user and port. Its issuer is another one than that of a {@link BridgeProof}, which it
 * must never pass for.
 */
public final class Assertions {
    private static final String ISSUER = "runtime-bridge-gateway";

    private final Algorithm algorithm;
    private final InstantSource clock;

    /** Signs with the private half of a {@link BridgeKey}. */
    public Assertions(RSAPrivateKey key, InstantSource clock) {
        this.algorithm = Algorithm.RSA256(null, key);
        this.clock = clock;
    }

    /**
     * What it is for, and so how long it is valid: whether somebody may come in is asked anew far
     * more often.
     */
    public enum Use {
        /** It opens a port to whoever holds it; agents accept none that ends later. */
        OPENS_PORT(Duration.ofMinutes(1)),
        /** It only tells the agent who came. */
        TELLS_AGENT(Duration.ofMinutes(5));

        /** A gateway remembers it for a second, and clocks differ. */
        private static final Duration SPARE = Duration.ofSeconds(5);

        private final Duration valid;

        Use(Duration valid) {
            this.valid = valid;
        }

        /**
         * How long one may be handed out: nearly as long as it is valid, since a signature takes a
         * millisecond.
         */
        public Duration handedOutFor() {
            return valid.minus(SPARE);
        }
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
    public Secret of(String ref, Visitor visitor, int port, Use use) {
        var jwt =
                JWT.create()
                        .withIssuer(ISSUER)
                        .withAudience(ref)
                        .withClaim("port", port)
                        .withExpiresAt(clock.instant().plus(use.valid));
        switch (visitor) {
            case Visitor.Owner(var user) -> jwt.withSubject(user.value());
            case Visitor.Guest(var share) ->
                    jwt.withSubject("share " + share).withClaim("share", share);
        }
        return new Secret(jwt.sign(algorithm));
    }
}
