package dev.runtimebridge.gateway;

import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.Ids;
import dev.runtimebridge.allocation.StoreUnavailable;
import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.ContainerRef;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Live containers and their events, in memory. */
final class FakeLiveStore implements LiveStore {
    private final Map<AllocationId, LiveContainer> live = new LinkedHashMap<>();
    private final List<Happened> events = new ArrayList<>();
    private final Ids ids = new Ids(new Random(5));
    boolean down;
    int reads;

    LiveContainer begin(String owner, String ip) {
        var id = ids.allocation();
        var made =
                new LiveContainer(
                        id,
                        new UserId(owner),
                        new ContainerRef("ref-of-" + id),
                        new Address(ip, 8000));
        live.put(id, made);
        happen(id);
        return made;
    }

    void end(LiveContainer container) {
        live.remove(container.id());
        happen(container.id());
    }

    private void happen(AllocationId id) {
        events.add(new Happened(events.size() + 1, id));
    }

    private void read() {
        reads++;
        if (down) {
            throw new StoreUnavailable("the database is down", null);
        }
    }

    @Override
    public Whole whole() {
        read();
        return new Whole(events.size(), live.values().stream().map(FakeLiveStore::asRead).toList());
    }

    /** Equal, but another object, as from a database. */
    private static LiveContainer asRead(LiveContainer one) {
        return new LiveContainer(one.id(), one.owner(), one.ref(), one.agent());
    }

    @Override
    public List<Happened> happened(long after, Collection<Long> missing) {
        read();
        return events.stream()
                .filter(one -> one.event() > after || missing.contains(one.event()))
                .toList();
    }

    @Override
    public List<LiveContainer> of(Collection<AllocationId> wanted) {
        read();
        return live.values().stream().filter(one -> wanted.contains(one.id())).toList();
    }
}
