package dev.runtimebridge.launch;

import dev.runtimebridge.agent.Login;
import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.EndReason;
import dev.runtimebridge.allocation.Event;
import dev.runtimebridge.allocation.UserId;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What an owner may ask of allocations. Somebody else's does not exist. */
public final class Allocations {
    private final ClaimStore claims;
    private final Waiting waiting;
    private final Runnable wakeLoop;
    private final InstantSource clock;

    public Allocations(ClaimStore claims, Waiting waiting, Runnable wakeLoop, InstantSource clock) {
        this.claims = claims;
        this.waiting = waiting;
        this.wakeLoop = wakeLoop;
        this.clock = clock;
    }

    /**
     * The owner's live allocations, oldest first, after the newest {@code ended} of those that are
     * over.
     */
    public List<Claim> of(UserId owner, int ended) {
        return claims.of(owner, ended);
    }

    public Optional<Claim> find(UserId owner, AllocationId id) {
        return claims.find(id).filter(claim -> claim.allocation().owner().equals(owner));
    }

    /** Begins the end of an allocation; one that is over stays so. Returns it as it is now. */
    public Optional<Claim> end(UserId owner, AllocationId id) {
        if (find(owner, id).isEmpty()) {
            return Optional.empty();
        }
        claims.startEnding(
                id,
                new EndReason(EndReason.Code.STOPPED_BY_OWNER, "its owner asked for it"),
                clock.instant());
        waiting.changed(Set.of(id));
        wakeLoop.run();
        return claims.find(id);
    }

    /** How to log in, while the allocation is ACTIVE. */
    public Optional<Login> login(UserId owner, AllocationId id) {
        return find(owner, id).isEmpty() ? Optional.empty() : claims.login(id);
    }

    /** Tells an owner of a limit that their container ran into. */
    public void noticed(AllocationId id, ReachedLimit limit, int times) {
        claims.tell(Event.of(id, clock.instant(), Event.Phase.NOTICED, limit.text(times)));
        waiting.changed(Set.of(id));
    }

    /** The story after an event; ask {@link #listen} first to miss nothing. */
    public List<Event> events(AllocationId id, long after) {
        return claims.events(id, after);
    }

    public Waiting.Ticket listen(AllocationId id) {
        return waiting.listen(id);
    }
}
