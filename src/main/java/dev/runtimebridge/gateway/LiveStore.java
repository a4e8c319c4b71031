package dev.runtimebridge.gateway;

import dev.runtimebridge.allocation.AllocationId;

import java.util.Collection;
import java.util.List;

/** What the memory of live containers is read from. */
public interface LiveStore {
    /** Everything, and the newest event that was there before it was read (0: none). */
    record Whole(long newestEvent, List<LiveContainer> containers) {
        public Whole {
            containers = List.copyOf(containers);
        }
    }

    /** An event of an allocation: every change of state has one. */
    record Happened(long event, AllocationId allocation) {}

    /** Reads the containers of all ACTIVE allocations. */
    Whole whole();

    /**
     * Events with ids above {@code after}, and those of {@code missing} that exist by now; in the
     * order of their ids, a bounded number.
     */
    List<Happened> happened(long after, Collection<Long> missing);

    /** Those of these allocations that are ACTIVE. */
    List<LiveContainer> of(Collection<AllocationId> ids);
}
