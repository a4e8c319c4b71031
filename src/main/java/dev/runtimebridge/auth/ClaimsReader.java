package dev.runtimebridge.auth;

import com.fasterxml.jackson.databind.JsonNode;

import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.auth.AuthSettings.ClaimNames;
import dev.runtimebridge.auth.TokenVerifier.Verdict;

import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Makes a caller of claims that were found to be true. */
final class ClaimsReader {
    private final ClaimNames names;

    ClaimsReader(ClaimNames names) {
        this.names = names;
    }

    Verdict read(JsonNode claims, Optional<Instant> issuedAt, Instant expiresAt) {
        var user = claims.path(names.user());
        if (user.isMissingNode() || user.isNull()) {
            return new Verdict.Rejected(
                    "the token lacks the claim " + names.user() + ", which names the user");
        }
        // 7 and "7" are the same user; 7.0 and true are nobody
        if (!user.isTextual() && !user.isIntegralNumber()) {
            return new Verdict.Rejected(
                    "the token's claim " + names.user() + " is neither text nor a whole number");
        }
        var roles = roles(claims.path(names.roles()));
        if (roles.isEmpty()) {
            return new Verdict.Rejected(
                    "the token's claim " + names.roles() + " is neither a list of texts nor text");
        }
        try {
            return new Verdict.Accepted(
                    new Caller(
                            new UserId(user.asText()),
                            Optional.of(claims.path(names.email()))
                                    .filter(JsonNode::isTextual)
                                    .map(JsonNode::asText)
                                    .filter(email -> !email.isBlank()),
                            roles.get(),
                            issuedAt,
                            expiresAt));
        } catch (IllegalArgumentException e) {
            return new Verdict.Rejected(
                    "the token's claim " + names.user() + " is no user id: " + e.getMessage());
        }
    }

    private static Optional<Set<String>> roles(JsonNode claim) {
        if (claim.isMissingNode() || claim.isNull()) {
            return Optional.of(Set.of());
        }
        var roles = new LinkedHashSet<String>();
        if (claim.isTextual()) {
            Arrays.stream(claim.asText().split("\\s+", -1))
                    .filter(role -> !role.isEmpty())
                    .forEach(roles::add);
            return Optional.of(roles);
        }
        if (!claim.isArray()) {
            return Optional.empty();
        }
        for (var role : claim) {
            if (!role.isTextual()) {
                return Optional.empty();
            }
            roles.add(role.asText());
        }
        return Optional.of(roles);
    }
}
