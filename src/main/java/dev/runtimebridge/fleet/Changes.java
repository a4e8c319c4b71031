package dev.runtimebridge.fleet;

import dev.runtimebridge.agent.Login;
import dev.runtimebridge.allocation.Allocation;
import dev.runtimebridge.allocation.Event;

import java.util.List;

/**
 * What one pass of the loop writes, in one transaction or not at all.
 *
 * @param newBatches to insert
 * @param newContainers to insert
 * @param containers to update, each naming the version that was read
 * @param allocations to update, each naming the version that was read
 * @param logins SSH credentials to store with their containers
 * @param events to append
 */
public record Changes(
        List<StoredBatch> newBatches,
        List<Container> newContainers,
        List<Container> containers,
        List<Allocation> allocations,
        List<Login> logins,
        List<Event> events) {
    public Changes {
        newBatches = List.copyOf(newBatches);
        newContainers = List.copyOf(newContainers);
        containers = List.copyOf(containers);
        allocations = List.copyOf(allocations);
        logins = List.copyOf(logins);
        events = List.copyOf(events);
    }

    /** Nothing but the lease to be checked. */
    public static final Changes NONE =
            new Changes(List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    public boolean none() {
        return newBatches.isEmpty()
                && newContainers.isEmpty()
                && containers.isEmpty()
                && allocations.isEmpty()
                && logins.isEmpty()
                && events.isEmpty();
    }
}
