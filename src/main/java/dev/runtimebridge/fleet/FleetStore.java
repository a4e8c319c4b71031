package dev.runtimebridge.fleet;

import dev.runtimebridge.provider.ContainerRef;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * What the loop remembers. Every call is one short transaction and may throw {@code
 * store.Unavailable}-like faults that a later pass repeats.
 */
public interface FleetStore {
    /**
     * Everything that is on its way somewhere.
     *
     * @param also containers to include although nothing is to be done with them as far as the
     *     database knows
     */
    View view(Set<ContainerRef> also);

    /**
     * Writes a pass down, all of it or nothing.
     *
     * @return whether it was written; {@code false} when a row had changed since it was read, so
     *     that the pass must look again
     * @throws StaleLeaseException when the lease is no longer ours
     */
    boolean commit(Lease lease, Changes changes);

    /** The references of all containers that are READY or BOUND. */
    List<ContainerRef> running();

    /** Which of these references belong to a container that is not STOPPED. */
    Set<ContainerRef> known(Collection<ContainerRef> refs);

    /**
     * The containers that are live, by reference, of the given provider, with the time they were
     * asked for.
     */
    List<Container> live(String provider);
}
