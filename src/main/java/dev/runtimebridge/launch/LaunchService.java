package dev.runtimebridge.launch;

import dev.runtimebridge.allocation.Allocation;
import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.AllocationState;
import dev.runtimebridge.allocation.Ids;
import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.allocation.Slot;
import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.catalog.Catalog;
import dev.runtimebridge.launch.LaunchOutcome.Failed;
import dev.runtimebridge.launch.LaunchOutcome.ImageUnavailable;
import dev.runtimebridge.launch.LaunchOutcome.Launched;
import dev.runtimebridge.launch.LaunchOutcome.NoSuchImage;
import dev.runtimebridge.launch.LaunchOutcome.StillStarting;
import dev.runtimebridge.launch.LaunchOutcome.TooManyContainers;
import dev.runtimebridge.launch.LaunchOutcome.TooManyWaiting;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/** What a launch request does: find the live claim or make one, then wait for it to change. */
public final class LaunchService {
    private static final int SPREAD = 5;

    private final ClaimStore claims;
    private final Claimer claimer;
    private final Catalog catalog;
    private final Waiting waiting;
    private final Runnable wakeLoop;
    private final Ids ids;
    private final InstantSource clock;
    private final LaunchSettings settings;
    private final RandomGenerator random;
    private final ConcurrentHashMap<UserId, Integer> waitingByUser = new ConcurrentHashMap<>();

    public LaunchService(
            ClaimStore claims,
            Claimer claimer,
            Catalog catalog,
            Waiting waiting,
            Runnable wakeLoop,
            Ids ids,
            InstantSource clock,
            LaunchSettings settings,
            RandomGenerator random) {
        this.random = random;
        this.claims = claims;
        this.claimer = claimer;
        this.catalog = catalog;
        this.waiting = waiting;
        this.wakeLoop = wakeLoop;
        this.ids = ids;
        this.clock = clock;
        this.settings = settings;
    }

    /**
     * Gives the user a container of the image: the one there is, or a new one.
     *
     * @param patience how long to wait; empty for about the configured patience, zero not to wait
     * @throws dev.runtimebridge.allocation.StoreUnavailable when the database cannot be asked
     * @throws InterruptedException when the bridge stops meanwhile
     */
    public LaunchOutcome launch(UserId user, ImageId image, Slot slot, Optional<Duration> patience)
            throws InterruptedException {
        // Before the database is asked: one user's flood must not fill the queue for it.
        if (!enter(user)) {
            return new TooManyWaiting(settings.mostWaitingPerUser());
        }
        try {
            var found = letGo(claims.live(user, image, slot));
            if (found.isPresent() && usable(found.get())) {
                return launched(found.get());
            }
            var deadline = clock.instant().plus(patience.orElseGet(this::patience));
            return waitFor(user, image, slot, found, deadline);
        } finally {
            leave(user);
        }
    }

    /**
     * Up to a fifth less than configured: thousands who came together would otherwise all be told
     * to come again at the same moment, and be there again at the same moment.
     */
    private Duration patience() {
        long most = settings.patience().toNanos();
        return Duration.ofNanos(most - (long) (random.nextDouble() * most / SPREAD));
    }

    /**
     * A container that is about to be taken away is no answer where there can be another one: its
     * end begins now, and the next one follows.
     */
    private Optional<Claim> letGo(Optional<Claim> found) {
        var leaving = found.map(Claim::allocation).filter(Allocation::forewarned);
        if (leaving.isEmpty()
                || !(catalog.find(leaving.get().image()) instanceof Catalog.Found.Available)) {
            return found;
        }
        var old = leaving.get();
        claims.startEnding(old.id(), old.endReason().orElseThrow(), clock.instant());
        waiting.changed(Set.of(old.id()));
        wakeLoop.run();
        return claims.live(old.owner(), old.image(), old.slot());
    }

    private LaunchOutcome waitFor(
            UserId user, ImageId image, Slot slot, Optional<Claim> found, Instant deadline)
            throws InterruptedException {
        var current = found;
        while (true) {
            if (current.isEmpty()) {
                switch (catalog.find(image)) {
                    case Catalog.Found.Nothing() -> {
                        return new NoSuchImage(image);
                    }
                    case Catalog.Found.Unavailable(var why) -> {
                        return new ImageUnavailable(image, why);
                    }
                    case Catalog.Found.Available(var ignored) -> {}
                }
            }
            boolean wasEnding =
                    current.map(claim -> claim.allocation().state() == AllocationState.ENDING)
                            .orElse(false);
            var last =
                    current.isPresent()
                            ? afterAWait(current.get().allocation().id(), deadline)
                            : claimed(user, image, slot, deadline);
            if (last.isEmpty()) {
                return new TooManyContainers(settings.mostPerUser());
            }
            if (usable(last.get())) {
                return launched(last.get());
            }
            var state = last.get().allocation();
            if (state.state().live()) {
                return new StillStarting(state);
            }
            if (!wasEnding) {
                return new Failed(state, state.endReason().orElseThrow());
            }
            // It was on its way out when we came: what was asked for is the next one.
            current = claims.live(user, image, slot);
        }
    }

    /** Claims and waits; empty when the user has too many containers already. */
    private Optional<Claim> claimed(UserId user, ImageId image, Slot slot, Instant deadline)
            throws InterruptedException {
        var wish = Allocation.waiting(ids.allocation(), user, image, slot, clock.instant());
        // Listening from before it is written, so that nothing has to be read after.
        try (var ticket = waiting.listenForEnd(wish.id())) {
            var claimed = claimer.claim(wish);
            if (claimed.isEmpty()) {
                return Optional.empty();
            }
            wakeLoop.run();
            var got = claimed.get();
            return got.id().equals(wish.id())
                    ? Optional.of(untilSettled(new Claim(got, Optional.empty()), ticket, deadline))
                    : afterAWait(got.id(), deadline);
        }
    }

    /** Waits for an allocation that is there. */
    private Optional<Claim> afterAWait(AllocationId id, Instant deadline)
            throws InterruptedException {
        try (var ticket = waiting.listenForEnd(id)) {
            return Optional.of(untilSettled(read(id), ticket, deadline));
        }
    }

    /** Waits until the claim is usable or over, or until the deadline. */
    private Claim untilSettled(Claim first, Waiting.Ticket ticket, Instant deadline)
            throws InterruptedException {
        var now = first;
        while (!usable(now) && now.allocation().state().live()) {
            var left = Duration.between(clock.instant(), deadline);
            if (!left.isPositive()) {
                break;
            }
            ticket.await(left);
            var id = now.allocation().id();
            now = ticket.news().orElseGet(() -> read(id));
        }
        return now;
    }

    private Claim read(AllocationId id) {
        return claims.find(id)
                .orElseThrow(() -> new IllegalStateException("allocation " + id + " vanished"));
    }

    private static boolean usable(Claim claim) {
        return claim.allocation().state() == AllocationState.ACTIVE && claim.address().isPresent();
    }

    private static Launched launched(Claim claim) {
        return new Launched(claim.allocation(), claim.address().orElseThrow());
    }

    private boolean enter(UserId user) {
        int now = waitingByUser.merge(user, 1, Integer::sum);
        if (now > settings.mostWaitingPerUser()) {
            leave(user);
            return false;
        }
        return true;
    }

    private void leave(UserId user) {
        waitingByUser.computeIfPresent(user, (key, count) -> count == 1 ? null : count - 1);
    }
}
