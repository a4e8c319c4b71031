package dev.runtimebridge.upkeep;

import dev.runtimebridge.fleet.Changes;
import dev.runtimebridge.fleet.ContainerState;
import dev.runtimebridge.fleet.FleetStore;
import dev.runtimebridge.fleet.Lease;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.Provider;
import dev.runtimebridge.provider.ProviderException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;

/**
 * Stops what carries our mark and has no row: what a crash between a start and its commit left,
 * say. Young containers are spared by being stopped only when a second sweep still does not know
 * them, and a sweep that would stop suspiciously many stops none: more likely the database is the
 * wrong one.
 */
public final class OrphanSweep {
    private static final Logger LOG = LoggerFactory.getLogger(OrphanSweep.class);
    private static final int ALWAYS_ALLOWED = 5;
    private static final int ALLOWED_SHARE = 10;

    private final FleetStore store;
    private final Provider provider;
    private final InstantSource clock;
    private Instant lastSweep = Instant.MAX;
    private Set<ContainerRef> suspects = Set.of();

    public OrphanSweep(FleetStore store, Provider provider, InstantSource clock) {
        this.clock = clock;
        this.store = store;
        this.provider = provider;
    }

    /** What a sweep found. */
    public sealed interface Finding {
        /** These were stopped; none is the usual case. */
        record Stopped(Set<ContainerRef> refs) implements Finding {}

        /** So many would have to be stopped that somebody should look first. */
        record Alarm(int unknown, int owned) implements Finding {}
    }

    /**
     * One sweep.
     *
     * @throws dev.runtimebridge.fleet.StaleLeaseException when another bridge has taken over
     */
    public Finding run(Lease lease) {
        var owned = provider.owned();
        var unknown = new HashSet<>(owned);
        unknown.removeAll(store.known(owned));
        var orphans = new HashSet<>(unknown);
        orphans.retainAll(suspects);
        suspects = Set.copyOf(unknown);
        if (mayBeOfAnUnsavedBatch()) {
            return new Finding.Stopped(Set.of());
        }
        if (orphans.size() > Math.max(ALWAYS_ALLOWED, owned.size() / ALLOWED_SHARE)) {
            LOG.error(
                    "ALARM: {} of {} containers that carry our mark are not in the database; none"
                            + " is stopped. Is it the right database?",
                    orphans.size(),
                    owned.size());
            return new Finding.Alarm(orphans.size(), owned.size());
        }
        if (orphans.isEmpty()) {
            return new Finding.Stopped(Set.of());
        }
        store.commit(lease, Changes.NONE);
        orphans.forEach(this::stop);
        return new Finding.Stopped(Set.copyOf(orphans));
    }

    /** Whether a batch was asked for before the last sweep and nobody knows yet what came of it. */
    private boolean mayBeOfAnUnsavedBatch() {
        var before = lastSweep;
        lastSweep = clock.instant();
        return store.live(provider.name()).stream()
                .filter(container -> container.state() == ContainerState.REQUESTED)
                .anyMatch(container -> !container.requestedAt().isAfter(before));
    }

    private void stop(ContainerRef ref) {
        try {
            LOG.warn("{} has no row and is stopped", ref);
            provider.stop(ref, "it has no row");
        } catch (ProviderException e) {
            LOG.warn(
                    "{} could not be stopped, the next sweep tries again: {}",
                    ref,
                    e.why().detail());
        }
    }
}
