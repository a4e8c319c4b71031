package dev.runtimebridge.launch;

import dev.runtimebridge.agent.Login;
import dev.runtimebridge.allocation.Allocation;
import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.EndReason;
import dev.runtimebridge.allocation.Event;
import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.allocation.Slot;
import dev.runtimebridge.allocation.UserId;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What requests read and write of allocations. */
public interface ClaimStore {
    /** The live claim of this (user, image, slot): one indexed read. */
    Optional<Claim> live(UserId owner, ImageId image, Slot slot);

    /**
     * Stores new claims, each with its first event, all in one transaction. Where a live one of the
     * same (user, image, slot) exists already, or another of the same call came first, that one is
     * returned instead.
     *
     * @param wanted all WAITING
     * @param mostPerUser a user who has this many live allocations gets no further one
     * @return one entry per wanted, in order; absent where the user has too many
     */
    List<Optional<Allocation>> claim(List<Allocation> wanted, int mostPerUser);

    Optional<Claim> find(AllocationId id);

    /**
     * A user's live claims, oldest first; also the last ended ones if {@code ended} says how many.
     */
    List<Claim> of(UserId owner, int ended);

    /**
     * The id of the newest event of each of these allocations, read together: every change of state
     * has an event.
     */
    Map<AllocationId, Long> newestEvents(Collection<AllocationId> ids);

    /**
     * Marks a live allocation as ENDING. One that is ENDING or ENDED stays as it is.
     *
     * @return the allocation as it is now; absent where there is none
     */
    Optional<Allocation> startEnding(AllocationId id, EndReason why, Instant now);

    /** The ids of all live allocations. */
    List<AllocationId> allLive();

    /** The login of the container of an ACTIVE allocation. */
    Optional<Login> login(AllocationId id);

    /** Adds to an allocation's story. */
    void tell(Event event);

    /** An allocation's story after the event {@code after} (0: from the start), oldest first. */
    List<Event> events(AllocationId id, long after);
}
