package dev.runtimebridge.http;

import dev.runtimebridge.auth.Caller;
import dev.runtimebridge.auth.TokenVerifier;
import dev.runtimebridge.auth.TokenVerifier.Verdict;
import dev.runtimebridge.secret.Secret;

import io.javalin.http.Context;

import java.time.Duration;

/** Tells who calls, or refuses. */
final class Callers {
    private static final String SCHEME = "Bearer ";
    private static final String CHALLENGE = "Bearer realm=\"runtime-bridge\"";

    private final TokenVerifier tokens;
    private final String adminRole;
    private final Duration retryAfter;

    /**
     * @param adminRole the role that makes a user an administrator
     */
    Callers(TokenVerifier tokens, String adminRole, Duration retryAfter) {
        this.tokens = tokens;
        this.adminRole = adminRole;
        this.retryAfter = retryAfter;
    }

    /** The user whose bearer token the request carries. */
    Caller user(Context ctx) {
        var header = ctx.header("Authorization");
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw new ProblemException(
                            ProblemKind.UNAUTHENTICATED,
                            "a token is needed: send Authorization: Bearer <JWT>")
                    .header("WWW-Authenticate", CHALLENGE);
        }
        return verified(new Secret(header.substring(SCHEME.length()).strip()));
    }

    /** The user whose bearer token the request carries, if that is an administrator. */
    Caller administrator(Context ctx) {
        var caller = user(ctx);
        if (!caller.roles().contains(adminRole)) {
            throw new ProblemException(
                    ProblemKind.FORBIDDEN, "this is for users with the role " + adminRole);
        }
        return caller;
    }

    /** Whom a token speaks for. */
    Caller verified(Secret token) {
        return switch (tokens.verify(token)) {
            case Verdict.Accepted(var caller) -> caller;
            case Verdict.Rejected(var why) ->
                    throw new ProblemException(ProblemKind.UNAUTHENTICATED, why)
                            .header("WWW-Authenticate", CHALLENGE + ", error=\"invalid_token\"");
            case Verdict.Unavailable(var why) ->
                    throw new ProblemException(ProblemKind.UNAVAILABLE, why).retryAfter(retryAfter);
        };
    }
}
