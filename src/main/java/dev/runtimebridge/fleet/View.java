package dev.runtimebridge.fleet;

import dev.runtimebridge.allocation.Allocation;

import java.util.List;

/**
 * What one pass of the loop reads: everything that is on its way somewhere.
 *
 * @param containers those REQUESTED, STARTING, READY or STOPPING, and the BOUND ones whose
 *     allocation is BINDING or ENDING, and any that were asked for by id or reference; oldest first
 * @param allocations those WAITING, BINDING or ENDING, and those of the containers that were asked
 *     for; oldest first
 * @param batches of the containers that are REQUESTED
 */
public record View(
        List<Container> containers, List<Allocation> allocations, List<StoredBatch> batches) {
    public View {
        containers = List.copyOf(containers);
        allocations = List.copyOf(allocations);
        batches = List.copyOf(batches);
    }
}
