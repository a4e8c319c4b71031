package dev.runtimebridge.launch;

import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.StoreUnavailable;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

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
     * Starts to listen for every change. Take the ticket before reading what it is about, so that
     * no change falls between.
     */
    public Ticket listen(AllocationId id) {
        return listen(new Ticket(id, true));
    }

    /**
     * Starts to listen for what a launch waits for: that it is usable, or over. Whoever wrote that
     * down here tells it, so that a thousand who wait need not read it.
     */
    Ticket listenForEnd(AllocationId id) {
        return listen(new Ticket(id, false));
    }

    private Ticket listen(Ticket ticket) {
        tickets.compute(
                ticket.id,
                (key, present) -> {
                    var all = present == null ? ConcurrentHashMap.<Ticket>newKeySet() : present;
                    all.add(ticket);
                    return all;
                });
        return ticket;
    }

    /** Something has happened to these, nobody says what. */
    public void changed(Collection<AllocationId> ids) {
        ids.forEach(id -> of(id).forEach(Ticket::wake));
    }

    /** The stories of these went on. */
    public void progressed(Collection<AllocationId> ids) {
        ids.forEach(id -> of(id).stream().filter(t -> t.everything).forEach(Ticket::wake));
    }

    /** The claim was written down like this: nobody waits for it any longer. */
    public void settled(Claim claim) {
        of(claim.allocation().id()).stream()
                .filter(ticket -> !ticket.everything)
                .forEach(ticket -> ticket.wakeWith(claim));
    }

    private Set<Ticket> of(AllocationId id) {
        return tickets.getOrDefault(id, Set.of());
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
        private final boolean everything;
        private final Semaphore changes = new Semaphore(0);
        private final AtomicReference<@Nullable Claim> told = new AtomicReference<>();

        private Ticket(AllocationId id, boolean everything) {
            this.id = id;
            this.everything = everything;
        }

        private void wakeWith(Claim claim) {
            told.set(claim);
            wake();
        }

        /** What was told since the last call. */
        Optional<Claim> news() {
            return Optional.ofNullable(told.getAndSet(null));
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
