package dev.runtimebridge.fleet;

import java.time.Duration;
import java.util.Optional;

/** Gives the lease to one bridge at a time, by the database's clock. */
public interface LeaseStore {
    /**
     * Takes the lease when it is free, has expired or is this holder's already (a restarted bridge
     * under the same name goes on at once). Taking it always raises the epoch.
     */
    Optional<Lease> acquire(String holder, Duration ttl);

    /**
     * Holds on to the lease for another {@code ttl}. {@code false} when somebody else has taken it.
     */
    boolean renew(Lease lease, Duration ttl);

    /** Gives the lease up, if it is still ours. */
    void release(Lease lease);
}
