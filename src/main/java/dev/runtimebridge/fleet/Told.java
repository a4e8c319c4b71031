package dev.runtimebridge.fleet;

import dev.runtimebridge.allocation.Allocation;
import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.provider.Address;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a pass has written down, for those who wait.
 *
 * @param progressed whose stories went on
 * @param settled those among them that a launch waits for no longer
 */
public record Told(Set<AllocationId> progressed, List<Settled> settled) {
    public Told {
        progressed = Set.copyOf(progressed);
        settled = List.copyOf(settled);
    }

    /**
     * An allocation as it was written down.
     *
     * @param address its container's, while it has one
     */
    public record Settled(Allocation allocation, Optional<Address> address) {}

    boolean nothing() {
        return progressed.isEmpty();
    }
}
