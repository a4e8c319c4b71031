package dev.runtimebridge.auth;

import dev.runtimebridge.allocation.UserId;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Who a verified token speaks for, and until when. */
public record Caller(
        UserId user,
        Optional<String> email,
        Set<String> roles,
        Optional<Instant> issuedAt,
        Instant expiresAt) {
    public Caller {
        roles = Set.copyOf(roles);
    }
}
