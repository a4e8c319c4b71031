package dev.runtimebridge.auth;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTVerifier;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.AlgorithmMismatchException;
import com.auth0.jwt.exceptions.IncorrectClaimException;
import com.auth0.jwt.exceptions.JWTVerificationException;
import com.auth0.jwt.exceptions.MissingClaimException;
import com.auth0.jwt.exceptions.SignatureVerificationException;
import com.auth0.jwt.exceptions.TokenExpiredException;
import com.auth0.jwt.interfaces.DecodedJWT;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.runtimebridge.auth.TokenVerifier.Verdict;
import dev.runtimebridge.auth.TokenVerifier.Verdict.Rejected;
import dev.runtimebridge.secret.Secret;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;

/**
 * The checks that a JWT must pass whosever key it is: signed with the one configured algorithm,
 * neither expired nor from the future, from the right issuer, for us. No message repeats anything
 * from the token.
 */
final class JwtChecks {
    private final AuthSettings settings;
    private final Clock clock;
    private final ClaimsReader claims;
    private final JsonMapper json = new JsonMapper();

    /** What is known about the key that a token names. */
    sealed interface KeyAnswer {
        record Found(JWTVerifier verifier) implements KeyAnswer {}

        record Unknown(String why) implements KeyAnswer {}

        record Unavailable(String why) implements KeyAnswer {}
    }

    JwtChecks(AuthSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock.withZone(ZoneOffset.UTC);
        this.claims = new ClaimsReader(settings.claims());
    }

    /** All checks but those of our own claims, with one key. The header's algorithm must be its. */
    JWTVerifier with(Algorithm algorithm) {
        var checks =
                (JWTVerifier.BaseVerification)
                        JWT.require(algorithm)
                                .acceptLeeway(settings.leeway().toSeconds())
                                .withClaimPresence("exp");
        settings.issuer().ifPresent(checks::withIssuer);
        settings.audience().ifPresent(checks::withAudience);
        return checks.build(clock);
    }

    Verdict verify(Secret token, Function<DecodedJWT, KeyAnswer> keys) {
        var refused = TokenText.refused(token);
        if (refused.isPresent()) {
            return refused.get();
        }
        try {
            var decoded = JWT.decode(token.reveal());
            if (!decoded.getHeaderClaim("crit").isMissing()) {
                return new Rejected("the token demands an extension that is not supported");
            }
            return switch (keys.apply(decoded)) {
                case KeyAnswer.Found(var verifier) -> read(verifier.verify(decoded));
                case KeyAnswer.Unknown(var why) -> new Rejected(why);
                case KeyAnswer.Unavailable(var why) -> new Verdict.Unavailable(why);
            };
        } catch (JWTVerificationException e) {
            return new Rejected(why(e));
        } catch (RuntimeException e) {
            // dates beyond all calendars and the like: whatever the parsers trip over, the
            // token is what is wrong
            return new Rejected("the token is not a valid JWT");
        }
    }

    private Verdict read(DecodedJWT verified) {
        var expiresAt = verified.getExpiresAtAsInstant();
        if (expiresAt == null) { // "exp": null counts as present to the library
            return new Rejected("the token lacks the claim exp");
        }
        var payload = Base64.getUrlDecoder().decode(verified.getPayload());
        try {
            return claims.read(
                    json.readTree(new String(payload, StandardCharsets.UTF_8)),
                    Optional.ofNullable(verified.getIssuedAtAsInstant()),
                    expiresAt);
        } catch (JsonProcessingException e) {
            return new Rejected("the token is not a valid JWT");
        }
    }

    private static String why(JWTVerificationException e) {
        return switch (e) {
            case TokenExpiredException expired -> "the token has expired";
            case SignatureVerificationException signature -> "the token's signature does not fit";
            case AlgorithmMismatchException algorithm ->
                    "the token is not signed with the algorithm that is required";
            case MissingClaimException missing ->
                    "the token lacks the claim " + missing.getClaimName();
            case IncorrectClaimException incorrect ->
                    switch (incorrect.getClaimName()) {
                        case "iss" -> "the token is from another issuer";
                        case "aud" -> "the token is for another audience";
                        case "nbf" -> "the token is not valid yet";
                        case "iat" -> "the token is from the future";
                        default ->
                                "the token's claim " + incorrect.getClaimName() + " does not fit";
                    };
            default -> "the token is not a valid JWT";
        };
    }
}
