package dev.runtimebridge.launch;

import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.StoreUnavailable;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Where requests wait for an allocation to change. The loop of this bridge wakes them; changes that
 * another bridge made are found by {@link #poll}, one read for all who wait.
 */
public final class Waiting {
    private static final Logger LOG = LoggerFactory.getLogger(Waiting.class);

    private final ClaimStore store;
    private final ConcurrentHashMap<AllocationId, Set<Ticket>> tickets = new ConcurrentHashMap<>();
    private final Map<AllocationId, Long> seen = new HashMap<>();
    private boolean unavailable;

    public Waiting(ClaimStore store) {
        this.store = store;
    }

    /**
     * Starts to listen. Take the ticket before reading what it is about, so that no change falls
     * between.
     */
    public Ticket listen(AllocationId id) {
        var ticket = new Ticket(id);
        tickets.compute(
                id,
                (key, present) -> {
                    var all = present == null ? ConcurrentHashMap.<Ticket>newKeySet() : present;
                    all.add(ticket);
                    return all;
                });
        return ticket;
    }

    /** Wakes whoever listens to one of these. */
    public void changed(Collection<AllocationId> ids) {
        for (var id : ids) {
            tickets.getOrDefault(id, Set.of()).forEach(Ticket::wake);
        }
    }

    /**
     * Looks once for changes that were made elsewhere; to be called by one thread, again and again.
     */
    public void poll() {
        var ids = Set.copyOf(tickets.keySet());
        seen.keySet().retainAll(ids);
        if (ids.isEmpty()) {
            return;
        }
        try {
            var newest = store.newestEvents(ids);
            newest.forEach(
                    (id, event) -> {
                        if (!event.equals(seen.put(id, event))) {
                            changed(Set.of(id));
                        }
                    });
            unavailable = false;
        } catch (StoreUnavailable e) {
            if (!unavailable) {
                LOG.warn(
                        "{} waiting requests cannot be polled for: {}", ids.size(), e.getMessage());
            }
            unavailable = true;
        }
    }

    /** One listener's place. */
    public final class Ticket implements AutoCloseable {
        private final AllocationId id;
        private final Semaphore changes = new Semaphore(0);

        private Ticket(AllocationId id) {
            this.id = id;
        }

        private void wake() {
            if (changes.availablePermits() == 0) {
                changes.release();
            }
        }

        /** Waits until something changed since the last call, at most this long. */
        public boolean await(Duration most) throws InterruptedException {
            boolean changed = changes.tryAcquire(Math.max(0, most.toNanos()), TimeUnit.NANOSECONDS);
            changes.drainPermits();
            return changed;
        }

        @Override
        public void close() {
            tickets.computeIfPresent(
                    id,
                    (key, all) -> {
                        all.remove(this);
                        return all.isEmpty() ? null : all;
                    });
        }
    }
}
