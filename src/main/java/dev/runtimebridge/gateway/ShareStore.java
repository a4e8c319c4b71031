package dev.runtimebridge.gateway;

import dev.runtimebridge.allocation.AllocationId;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What is kept of shares. */
public interface ShareStore {
    /**
     * Stores a new share, unless its container has {@code most} already that are valid.
     *
     * @return whether it was stored
     */
    boolean add(Share share, int most);

    Optional<Share> find(String id);

    /** Those of a container that are valid at {@code now}, oldest first. */
    List<Share> of(AllocationId id, Instant now);

    /** Takes one back; one that is back already keeps its time. False where there is none. */
    boolean withdraw(AllocationId of, String id, Instant now);
}
