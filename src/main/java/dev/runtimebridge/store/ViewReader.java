package dev.runtimebridge.store;

import dev.runtimebridge.allocation.Allocation;
import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.ContainerId;
import dev.runtimebridge.fleet.Container;
import dev.runtimebridge.fleet.StoredBatch;
import dev.runtimebridge.fleet.View;
import dev.runtimebridge.provider.ContainerRef;

import org.jdbi.v3.core.Handle;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads what one pass of the loop needs: a handful of indexed reads of the same moment. */
final class ViewReader {
    static final String MOVING_CONTAINERS =
            "select "
                    + ContainerRows.COLUMNS
                    + " from container c where c.state in ('REQUESTED', 'STARTING', 'READY',"
                    + " 'STOPPING')";
    static final String BOUND_CONTAINERS =
            "select "
                    + ContainerRows.COLUMNS
                    + " from allocation a join container c on c.id = a.container_id where a.state"
                    + " in ('BINDING', 'ENDING') and c.state = 'BOUND'";
    static final String CONTAINERS_BY_REF =
            "select "
                    + ContainerRows.COLUMNS
                    + " from container c where c.ref in %s and c.live = 1";
    static final String MOVING_ALLOCATIONS =
            "select "
                    + AllocationRows.COLUMNS
                    + " from allocation a where a.state in ('WAITING', 'BINDING', 'ENDING')";
    static final String ALLOCATIONS_BY_CONTAINER =
            "select "
                    + AllocationRows.COLUMNS
                    + " from allocation a where a.container_id in %s and a.live = 1";
    static final String BATCHES =
            "select distinct "
                    + ContainerRows.BATCH_COLUMNS
                    + " from container c join batch b on b.batch_key = c.batch_key where c.state ="
                    + " 'REQUESTED'";

    private final Handle handle;
    private final Map<ContainerId, Container> containers = new HashMap<>();
    private final Map<AllocationId, Allocation> allocations = new HashMap<>();

    ViewReader(Handle handle) {
        this.handle = handle;
    }

    View read(Set<ContainerRef> also) {
        readContainers(MOVING_CONTAINERS, List.of());
        readContainers(BOUND_CONTAINERS, List.of());
        readAllocations(MOVING_ALLOCATIONS, List.of());
        for (var refs : InLists.of(also)) {
            var found =
                    readContainers(
                            CONTAINERS_BY_REF.formatted(InLists.marks(refs.size())),
                            refs.stream().map(ContainerRef::value).toList());
            for (var ids : InLists.of(found)) {
                readAllocations(
                        ALLOCATIONS_BY_CONTAINER.formatted(InLists.marks(ids.size())),
                        ids.stream().map(ContainerId::value).toList());
            }
        }
        return new View(
                containers.values().stream()
                        .sorted(
                                Comparator.comparing(Container::requestedAt)
                                        .thenComparing(Container::batchKey)
                                        .thenComparingInt(Container::ordinal))
                        .toList(),
                allocations.values().stream()
                        .sorted(
                                Comparator.comparing(Allocation::createdAt)
                                        .thenComparing(Allocation::id))
                        .toList(),
                batches());
    }

    private Collection<ContainerId> readContainers(String sql, List<String> arguments) {
        var query = handle.createQuery(sql);
        for (int i = 0; i < arguments.size(); i++) {
            query.bind(i, arguments.get(i));
        }
        var found = query.map((row, context) -> ContainerRows.container(row)).list();
        found.forEach(container -> containers.put(container.id(), container));
        return found.stream().map(Container::id).toList();
    }

    private void readAllocations(String sql, List<String> arguments) {
        var query = handle.createQuery(sql);
        for (int i = 0; i < arguments.size(); i++) {
            query.bind(i, arguments.get(i));
        }
        query.map((row, context) -> AllocationRows.allocation(row))
                .forEach(allocation -> allocations.put(allocation.id(), allocation));
    }

    private List<StoredBatch> batches() {
        return handle.createQuery(BATCHES + " order by b.created_us, b.batch_key")
                .map((row, context) -> ContainerRows.batch(row))
                .list();
    }
}
