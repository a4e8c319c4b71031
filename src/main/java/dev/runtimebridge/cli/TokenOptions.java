package dev.runtimebridge.cli;

import dev.runtimebridge.allocation.UserId;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Whose token is wanted.
 *
 * @param data absolute folder of the bridge that is to accept it
 */
public record TokenOptions(
        Path data, UserId user, Optional<String> email, Set<String> roles, Duration lifetime) {
    public TokenOptions {
        roles = Set.copyOf(roles);
        if (!lifetime.isPositive()) {
            throw new IllegalArgumentException("a lifetime is positive, not " + lifetime);
        }
    }
}
