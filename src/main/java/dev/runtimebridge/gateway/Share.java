package dev.runtimebridge.gateway;

import dev.runtimebridge.allocation.AllocationId;

import java.time.Instant;
import java.util.Optional;

/**
 * A link by which an owner lets others see one port of a container.
 *
 * @param id 26 characters of lower-case base32, unguessable
 * @param withdrawnAt when its owner took it back
 */
public record Share(
        String id,
        AllocationId allocation,
        int port,
        Instant createdAt,
        Instant expiresAt,
        Optional<Instant> withdrawnAt) {

    /** Whether it lets anybody in. */
    public boolean validAt(Instant now) {
        return withdrawnAt.isEmpty() && expiresAt.isAfter(now);
    }
}
