package dev.runtimebridge.secret;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.JWTVerificationException;
import com.auth0.jwt.interfaces.DecodedJWT;
import com.auth0.jwt.interfaces.JWTVerifier;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.UserId;

import java.time.InstantSource;
import java.util.Optional;

/**
 * Writes and reads passes: JWTs by HS256 with a key that every bridge of the installation derives
 * alike, so that none of them has to be stored. What was read is remembered for a while.
 */
public final class GatewayPasses {
    private static final String ISSUER = "runtime-bridge-gateway";
    private static final int LONGEST = 2_000;
    private static final int MOST_REMEMBERED = 50_000;

    private final Algorithm algorithm;
    private final JWTVerifier verifier;
    private final InstantSource clock;
    private final Cache<String, GatewayPass> remembered =
            Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).build();

    /** Signs with a key derived from {@code master}. */
    public GatewayPasses(DerivedKeys keys, InstantSource clock) {
        this.algorithm = Algorithm.HMAC256(keys.key("gateway passes"));
        this.clock = clock;
        // Times are checked below, where the clock is ours.
        this.verifier = JWT.require(algorithm).withIssuer(ISSUER).acceptExpiresAt(LEEWAY).build();
    }

    private static final long LEEWAY = 100L * 365 * 24 * 3600;

    /** As text of URL-safe characters. */
    public Secret write(GatewayPass pass) {
        var made =
                JWT.create()
                        .withIssuer(ISSUER)
                        .withJWTId(pass.id())
                        .withClaim("container", pass.allocation().value())
                        .withExpiresAt(pass.expiresAt());
        switch (pass) {
            case GatewayPass.HandOver handOver ->
                    made.withClaim("kind", "hand-over").withSubject(handOver.user().value());
            case GatewayPass.Session session ->
                    made.withClaim("kind", "session").withSubject(session.user().value());
            case GatewayPass.Guest guest ->
                    made.withClaim("kind", "guest")
                            .withClaim("share", guest.share())
                            .withClaim("port", guest.port());
        }
        return new Secret(made.sign(algorithm));
    }

    /** The pass, unless it is none of ours or has expired. */
    public Optional<GatewayPass> read(Secret text) {
        if (text.reveal().length() > LONGEST) {
            return Optional.empty();
        }
        var pass = remembered.getIfPresent(text.reveal());
        if (pass == null) {
            var read = verified(text);
            read.ifPresent(found -> remembered.put(text.reveal(), found));
            pass = read.orElse(null);
        }
        return Optional.ofNullable(pass).filter(p -> p.expiresAt().isAfter(clock.instant()));
    }

    private Optional<GatewayPass> verified(Secret text) {
        try {
            return Optional.of(pass(verifier.verify(text.reveal())));
        } catch (JWTVerificationException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static GatewayPass pass(DecodedJWT jwt) {
        var allocation = new AllocationId(jwt.getClaim("container").asString());
        var id = jwt.getId();
        var expires = jwt.getExpiresAtAsInstant();
        return switch (jwt.getClaim("kind").asString()) {
            case "hand-over" ->
                    new GatewayPass.HandOver(allocation, id, expires, new UserId(jwt.getSubject()));
            case "session" ->
                    new GatewayPass.Session(allocation, id, expires, new UserId(jwt.getSubject()));
            case "guest" ->
                    new GatewayPass.Guest(
                            allocation,
                            id,
                            expires,
                            jwt.getClaim("share").asString(),
                            jwt.getClaim("port").asInt());
            default -> throw new IllegalArgumentException("no such kind of pass");
        };
    }
}
