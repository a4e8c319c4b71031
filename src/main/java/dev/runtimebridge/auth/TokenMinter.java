package dev.runtimebridge.auth;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;

import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.secret.Secret;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Makes tokens for a bridge in development: HS256, with the claims of the first bridge's tokens.
 */
public final class TokenMinter {
    private static final Pattern NUMBER = Pattern.compile("0|[1-9]\\d{0,17}");

    private final Algorithm algorithm;
    private final InstantSource clock;

    /** Signs with what {@link AuthSettings.Mode.SharedSecret} verifies with. */
    public TokenMinter(Secret secret, InstantSource clock) {
        this.algorithm = Algorithm.HMAC256(secret.reveal().getBytes(StandardCharsets.UTF_8));
        this.clock = clock;
    }

    /** A token with {@code userId} (a number where it is one), {@code sub}, and what is given. */
    public Secret mint(UserId user, Optional<String> email, Set<String> roles, Duration validFor) {
        var now = clock.instant();
        var token =
                JWT.create()
                        .withSubject(user.value())
                        .withIssuedAt(now)
                        .withExpiresAt(now.plus(validFor));
        if (NUMBER.matcher(user.value()).matches()) {
            token.withClaim("userId", Long.parseLong(user.value()));
        } else {
            token.withClaim("userId", user.value());
        }
        email.ifPresent(address -> token.withClaim("email", address));
        if (!roles.isEmpty()) {
            token.withClaim("roles", List.copyOf(roles));
        }
        return new Secret(token.sign(algorithm));
    }
}
