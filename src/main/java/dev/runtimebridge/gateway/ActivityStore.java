package dev.runtimebridge.gateway;

import dev.runtimebridge.allocation.AllocationId;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;

/** When containers were last used through a gateway. */
public interface ActivityStore {
    /** Notes that these were in use at {@code now}; an earlier time never replaces a later one. */
    void used(Collection<AllocationId> ids, Instant now);

    /** When each of these was last used; absent where it never was. */
    Map<AllocationId, Instant> lastUsed(Collection<AllocationId> ids);
}
