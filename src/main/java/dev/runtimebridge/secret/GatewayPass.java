package dev.runtimebridge.secret;

import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.UserId;

import java.time.Instant;

/** What a link, or a session that it began, entitles to at the gateway. */
public sealed interface GatewayPass {
    AllocationId allocation();

    /** Unguessable name of this very pass. */
    String id();

    Instant expiresAt();

    /** A link that begins a session of the container's owner, once. */
    record HandOver(AllocationId allocation, String id, Instant expiresAt, UserId user)
            implements GatewayPass {}

    /** The session of a container's owner. */
    record Session(AllocationId allocation, String id, Instant expiresAt, UserId user)
            implements GatewayPass {}

    /** A guest, by a share of one port: both its link and its session. */
    record Guest(AllocationId allocation, String id, Instant expiresAt, String share, int port)
            implements GatewayPass {}
}
