package dev.runtimebridge.allocation;

import java.time.Instant;
import java.util.Optional;

/**
 * One user's claim on one container of one image. {@code version} is the one that was read; every
 * write names it.
 *
 * @param container present from BINDING on, absent while WAITING
 * @param failedBindings how many containers could not be initialised for this claim
 * @param createdAt when the user asked
 * @param activeAt when the user could first use it
 * @param endedAt when it was over
 * @param endReason why it ends or ended; present from ENDING on, and while it is ACTIVE where it is
 *     known to end soon
 */
public record Allocation(
        AllocationId id,
        UserId owner,
        ImageId image,
        Slot slot,
        AllocationState state,
        Optional<ContainerId> container,
        int failedBindings,
        Instant createdAt,
        Optional<Instant> activeAt,
        Optional<Instant> endedAt,
        Optional<EndReason> endReason,
        long version) {

    public Allocation {
        boolean needsContainer =
                state == AllocationState.BINDING || state == AllocationState.ACTIVE;
        if (needsContainer && container.isEmpty()) {
            throw new IllegalArgumentException(id + " is " + state + " without a container");
        }
        if (state == AllocationState.WAITING && container.isPresent()) {
            throw new IllegalArgumentException(id + " is WAITING and has a container");
        }
        if (!state.live() && endReason.isEmpty()) {
            throw new IllegalArgumentException(id + " ended without a reason");
        }
    }

    /** A claim that was just made. */
    public static Allocation waiting(
            AllocationId id, UserId owner, ImageId image, Slot slot, Instant now) {
        return new Allocation(
                id,
                owner,
                image,
                slot,
                AllocationState.WAITING,
                Optional.empty(),
                0,
                now,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0);
    }

    public Allocation bindTo(ContainerId chosen) {
        return with(
                AllocationState.BINDING,
                Optional.of(chosen),
                failedBindings,
                activeAt,
                endedAt,
                endReason);
    }

    public Allocation activate(Instant now) {
        return with(
                AllocationState.ACTIVE,
                container,
                failedBindings,
                Optional.of(now),
                endedAt,
                endReason);
    }

    /** It is known to end soon, and can be used until then. */
    public Allocation forewarn(EndReason why) {
        if (state != AllocationState.ACTIVE) {
            throw new IllegalStateException(id + " is " + state + ", nobody works in it");
        }
        return new Allocation(
                id,
                owner,
                image,
                slot,
                state,
                container,
                failedBindings,
                createdAt,
                activeAt,
                endedAt,
                Optional.of(why),
                version);
    }

    /** Whether it is in use and known to end soon. */
    public boolean forewarned() {
        return state == AllocationState.ACTIVE && endReason.isPresent();
    }

    /** Back to the queue: the chosen container could not be initialised. */
    public Allocation waitAgain() {
        return with(
                AllocationState.WAITING,
                Optional.empty(),
                failedBindings + 1,
                activeAt,
                endedAt,
                endReason);
    }

    public Allocation startEnding(EndReason why) {
        return with(
                AllocationState.ENDING,
                container,
                failedBindings,
                activeAt,
                endedAt,
                Optional.of(why));
    }

    /** Over. A reason that was given when the end began is kept. */
    public Allocation end(EndReason why, Instant now) {
        return with(
                AllocationState.ENDED,
                container,
                failedBindings,
                activeAt,
                Optional.of(now),
                Optional.of(endReason.orElse(why)));
    }

    private Allocation with(
            AllocationState next,
            Optional<ContainerId> nextContainer,
            int nextFailedBindings,
            Optional<Instant> nextActiveAt,
            Optional<Instant> nextEndedAt,
            Optional<EndReason> nextEndReason) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException(id + ": " + state + " -> " + next);
        }
        return new Allocation(
                id,
                owner,
                image,
                slot,
                next,
                nextContainer,
                nextFailedBindings,
                createdAt,
                nextActiveAt,
                nextEndedAt,
                nextEndReason,
                version);
    }
}
