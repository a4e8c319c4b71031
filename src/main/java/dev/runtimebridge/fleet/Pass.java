package dev.runtimebridge.fleet;

import dev.runtimebridge.agent.Login;
import dev.runtimebridge.allocation.Allocation;
import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.AllocationState;
import dev.runtimebridge.allocation.ContainerId;
import dev.runtimebridge.allocation.Event;
import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.ContainerRef;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One pass at work: the rows as they were read, as the steps of the pass change them, and what
 * there is to write at its end.
 */
final class Pass {
    private final Instant now;
    private final Map<ContainerId, Container> containers = new LinkedHashMap<>();
    private final Map<ContainerRef, ContainerId> byRef = new HashMap<>();
    private final Map<String, List<ContainerId>> byBatch = new HashMap<>();
    private final Map<AllocationId, Allocation> allocations = new LinkedHashMap<>();
    private final Map<ContainerId, AllocationId> holders = new HashMap<>();
    private final Map<String, StoredBatch> batches = new LinkedHashMap<>();
    private final Set<ContainerId> newContainers = new LinkedHashSet<>();
    private final Set<ContainerId> changedContainers = new LinkedHashSet<>();
    private final Set<AllocationId> changedAllocations = new LinkedHashSet<>();
    private final List<StoredBatch> newBatches = new ArrayList<>();
    private final List<Login> logins = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private final Map<ImageId, Integer> retold = new HashMap<>();
    private final Map<ImageId, Failure> failed = new LinkedHashMap<>();
    private final Set<ImageId> succeeded = new HashSet<>();

    /** How many containers of one image did not come up, and the last one's reason. */
    record Failure(int containers, Cause why) {}

    Pass(View view, Instant now) {
        this.now = now;
        for (var container : view.containers()) {
            containers.put(container.id(), container);
            container.ref().ifPresent(ref -> byRef.put(ref, container.id()));
            place(container);
        }
        for (var allocation : view.allocations()) {
            allocations.put(allocation.id(), allocation);
            allocation.container().ifPresent(id -> holders.put(id, allocation.id()));
        }
        view.batches().forEach(batch -> batches.put(batch.request().key(), batch));
    }

    private void place(Container container) {
        byBatch.computeIfAbsent(container.batchKey(), key -> new ArrayList<>()).add(container.id());
    }

    Instant now() {
        return now;
    }

    /** Those in one of these states, oldest first. */
    List<Container> containers(ContainerState... states) {
        var wanted = Set.of(states);
        return containers.values().stream().filter(c -> wanted.contains(c.state())).toList();
    }

    /** Whether this pass has changed or added the container. */
    boolean moved(Container container) {
        return newContainers.contains(container.id()) || changedContainers.contains(container.id());
    }

    /** Oldest first. */
    List<Allocation> allocations(AllocationState state) {
        return allocations.values().stream().filter(a -> a.state() == state).toList();
    }

    Collection<StoredBatch> batches() {
        return List.copyOf(batches.values());
    }

    /** The containers of a batch in the order they were asked for. */
    List<Container> ofBatch(String key) {
        return byBatch.getOrDefault(key, List.of()).stream()
                .flatMap(id -> container(id).stream())
                .sorted(Comparator.comparingInt(Container::ordinal))
                .toList();
    }

    Optional<Container> container(ContainerId id) {
        return Optional.ofNullable(containers.get(id));
    }

    Optional<Container> container(ContainerRef ref) {
        return Optional.ofNullable(byRef.get(ref)).flatMap(this::container);
    }

    Optional<Allocation> allocation(AllocationId id) {
        return Optional.ofNullable(allocations.get(id));
    }

    /** The live allocation that has this container. */
    Optional<Allocation> holder(ContainerId id) {
        return Optional.ofNullable(holders.get(id))
                .flatMap(this::allocation)
                .filter(a -> a.state().live() && a.container().equals(Optional.of(id)));
    }

    void add(StoredBatch batch, List<Container> asked) {
        newBatches.add(batch);
        batches.put(batch.request().key(), batch);
        for (var container : asked) {
            containers.put(container.id(), container);
            newContainers.add(container.id());
            place(container);
        }
    }

    void put(Container changed) {
        containers.put(changed.id(), changed);
        changed.ref().ifPresent(ref -> byRef.put(ref, changed.id()));
        if (!newContainers.contains(changed.id())) {
            changedContainers.add(changed.id());
        }
    }

    void put(Allocation changed) {
        allocations.put(changed.id(), changed);
        changed.container().ifPresent(id -> holders.put(id, changed.id()));
        changedAllocations.add(changed.id());
    }

    void put(Login login) {
        logins.add(login);
    }

    void tell(AllocationId allocation, Instant at, Event.Phase phase, String detail) {
        events.add(Event.of(allocation, at, phase, detail));
    }

    /**
     * Notes that a container did not come up, and tells as many of those who wait, the oldest
     * first. Several of one image in one pass count as one failure, and those whose place was full
     * as none.
     */
    void notUp(Container container, Cause why) {
        if (why.kind() != Cause.Kind.NO_ROOM_HERE) {
            failed.merge(
                    container.image(),
                    new Failure(1, why),
                    (before, one) -> new Failure(before.containers + 1, why));
        }
        int nth = retold.merge(container.image(), 1, Integer::sum) - 1;
        allocations(AllocationState.WAITING).stream()
                .filter(allocation -> allocation.image().equals(container.image()))
                .skip(nth)
                .findFirst()
                .ifPresent(a -> tell(a.id(), now, Event.Phase.RETRYING, why.text()));
    }

    /** Notes that a container of this image came up. */
    void succeeded(ImageId image) {
        succeeded.add(image);
    }

    Map<ImageId, Failure> failed() {
        return Map.copyOf(failed);
    }

    Set<ImageId> succeeded() {
        return Set.copyOf(succeeded);
    }

    /** Whom to tell what once this is written. */
    Told told() {
        var progressed = new HashSet<>(changedAllocations);
        events.forEach(event -> progressed.add(event.allocation()));
        var settled =
                changedAllocations.stream()
                        .flatMap(id -> allocation(id).stream())
                        .filter(Pass::settled)
                        .map(a -> new Told.Settled(a, address(a)))
                        .toList();
        return new Told(progressed, settled);
    }

    private static boolean settled(Allocation allocation) {
        return switch (allocation.state()) {
            case WAITING, BINDING -> false;
            case ACTIVE, ENDING, ENDED -> true;
        };
    }

    private Optional<Address> address(Allocation allocation) {
        return allocation.container().flatMap(this::container).flatMap(Container::address);
    }

    Changes changes() {
        return new Changes(
                newBatches,
                newContainers.stream().flatMap(id -> container(id).stream()).toList(),
                changedContainers.stream().flatMap(id -> container(id).stream()).toList(),
                changedAllocations.stream().flatMap(id -> allocation(id).stream()).toList(),
                logins,
                events);
    }
}
