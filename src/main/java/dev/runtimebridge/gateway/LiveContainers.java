package dev.runtimebridge.gateway;

import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.StoreUnavailable;
import dev.runtimebridge.provider.Address;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The containers of all ACTIVE allocations, in memory: read whole at first and now and then, and
 * between by the events that every change leaves, whichever bridge made it.
 */
public final class LiveContainers {
    private static final Logger LOG = LoggerFactory.getLogger(LiveContainers.class);
    private static final Duration WHOLE_EVERY = Duration.ofSeconds(60);

    /** How often a look-up that finds nothing may have the store asked. */
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final LiveStore store;
    private final InstantSource clock;
    private final Duration longestWithoutStore;
    private final EventCursor cursor = new EventCursor();
    private volatile Known known = new Known(Map.of());
    private volatile Instant readAt = Instant.MIN;
    private Instant wholeAt = Instant.MIN;
    private Instant triedAt = Instant.MIN;
    private boolean unavailable;

    /**
     * @param longestWithoutStore how long what is known stands while the store cannot be read;
     *     after that nothing is known
     */
    public LiveContainers(LiveStore store, InstantSource clock, Duration longestWithoutStore) {
        this.store = store;
        this.clock = clock;
        this.longestWithoutStore = longestWithoutStore;
    }

    /** Two ways to find the same. */
    private record Known(
            ConcurrentHashMap<AllocationId, LiveContainer> byId,
            ConcurrentHashMap<Address, LiveContainer> byAddress) {

        Known(Map<AllocationId, LiveContainer> containers) {
            this(new ConcurrentHashMap<>(containers), new ConcurrentHashMap<>());
            containers.values().forEach(live -> byAddress.put(live.agent(), live));
        }

        /** The one that is known already where it is equal: others hold on to it. */
        LiveContainer same(LiveContainer live) {
            var here = byId.get(live.id());
            return here != null && here.equals(live) ? here : live;
        }

        void put(LiveContainer live) {
            remove(live.id());
            byId.put(live.id(), live);
            byAddress.put(live.agent(), live);
        }

        void remove(AllocationId id) {
            var live = byId.remove(id);
            if (live != null) {
                // not when the address is another container's by now
                byAddress.remove(live.agent(), live);
            }
        }
    }

    /** Whether what is known is recent enough to be relied on. */
    public boolean current() {
        return readAt.plus(longestWithoutStore).isAfter(clock.instant());
    }

    /** By allocation. One that is not known may have begun just now, so the store is asked. */
    public Optional<LiveContainer> find(AllocationId id) {
        var live = known.byId.get(id);
        if (live == null && catchUpAgain()) {
            live = known.byId.get(id);
        }
        return Optional.ofNullable(live);
    }

    /** By the very address of its agent. */
    public Optional<LiveContainer> find(Address agent) {
        var live = known.byAddress.get(agent);
        if (live == null && catchUpAgain()) {
            live = known.byAddress.get(agent);
        }
        return Optional.ofNullable(live);
    }

    public int count() {
        return known.byId.size();
    }

    private synchronized boolean catchUpAgain() {
        if (triedAt.plus(PAUSE).isAfter(clock.instant())) {
            return true; // somebody else just did
        }
        return catchUp();
    }

    /**
     * Reads what changed; to be called again and again. While the store cannot be read what is
     * known stays.
     *
     * @return whether it could be read
     */
    public synchronized boolean catchUp() {
        var now = clock.instant();
        triedAt = now;
        try {
            if (wholeAt.isBefore(now.minus(WHOLE_EVERY))) {
                readWhole(now);
                wholeAt = now;
            } else {
                readChanges(now);
            }
            readAt = now;
            unavailable = false;
            return true;
        } catch (StoreUnavailable e) {
            if (!unavailable) {
                LOG.warn(
                        "the gateway goes on with what it knew, for {} s: {}",
                        longestWithoutStore.toSeconds(),
                        e.getMessage());
            }
            unavailable = true;
            return false;
        }
    }

    private void readWhole(Instant now) {
        var whole = store.whole();
        cursor.restart(whole.newestEvent(), now);
        var before = known;
        known =
                new Known(
                        whole.containers().stream()
                                .map(before::same)
                                .collect(Collectors.toMap(LiveContainer::id, live -> live)));
    }

    private void readChanges(Instant now) {
        var happened = store.happened(cursor.newest(), cursor.missing());
        while (!happened.isEmpty()) {
            var ids =
                    happened.stream()
                            .map(LiveStore.Happened::allocation)
                            .collect(Collectors.toSet());
            update(ids);
            long before = cursor.newest();
            cursor.read(happened.stream().map(LiveStore.Happened::event).toList(), now);
            happened =
                    cursor.newest() > before
                            ? store.happened(cursor.newest(), List.of())
                            : List.of();
        }
        cursor.read(List.of(), now);
    }

    private void update(Collection<AllocationId> ids) {
        var now = new HashMap<AllocationId, LiveContainer>();
        store.of(ids).forEach(live -> now.put(live.id(), live));
        for (var id : ids) {
            var live = now.get(id);
            if (live == null) {
                known.remove(id);
            } else {
                known.put(live);
            }
        }
    }
}
