package dev.runtimebridge.testing;

import dev.runtimebridge.agent.Login;
import dev.runtimebridge.allocation.Allocation;
import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.AllocationState;
import dev.runtimebridge.allocation.ContainerId;
import dev.runtimebridge.allocation.EndReason;
import dev.runtimebridge.allocation.Event;
import dev.runtimebridge.allocation.Event.Phase;
import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.allocation.Slot;
import dev.runtimebridge.allocation.StoreUnavailable;
import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.launch.Claim;
import dev.runtimebridge.launch.ClaimStore;
import dev.runtimebridge.provider.Address;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Claims in memory, for tests of what sits on top of the store. Plays the loop's part too: a test
 * activates and ends claims as a fleet would.
 */
public final class FakeClaims implements ClaimStore {
    private record Row(Allocation allocation, Optional<Address> address, Optional<Login> login) {}

    private final Map<AllocationId, Row> rows = new LinkedHashMap<>();
    private final Map<AllocationId, List<Event>> stories = new HashMap<>();
    private final AtomicInteger inserted = new AtomicInteger();
    private long lastEvent;
    private boolean down;

    /** From now on every call fails as it does without a database, or none does. */
    public synchronized void down(boolean now) {
        down = now;
    }

    /** How many claims were ever stored. */
    public int inserted() {
        return inserted.get();
    }

    @Override
    public synchronized Optional<Claim> live(UserId owner, ImageId image, Slot slot) {
        refuseWhenDown();
        return rows.values().stream()
                .filter(row -> row.allocation.state().live())
                .filter(row -> row.allocation.owner().equals(owner))
                .filter(row -> row.allocation.image().equals(image))
                .filter(row -> row.allocation.slot().equals(slot))
                .findFirst()
                .map(FakeClaims::claim);
    }

    @Override
    public synchronized List<Optional<Allocation>> claim(List<Allocation> wanted, int mostPerUser) {
        refuseWhenDown();
        var answers = new ArrayList<Optional<Allocation>>();
        for (var one : wanted) {
            var present = live(one.owner(), one.image(), one.slot()).map(Claim::allocation);
            if (present.isPresent()) {
                answers.add(present);
            } else if (countLive(one.owner()) >= mostPerUser) {
                answers.add(Optional.empty());
            } else {
                inserted.incrementAndGet();
                put(one, Optional.empty(), Optional.empty());
                tell(one.id(), one.createdAt(), Phase.WAITING, "");
                answers.add(Optional.of(one));
            }
        }
        return answers;
    }

    @Override
    public synchronized Optional<Claim> find(AllocationId id) {
        refuseWhenDown();
        return Optional.ofNullable(rows.get(id)).map(FakeClaims::claim);
    }

    @Override
    public synchronized List<Claim> of(UserId owner, int ended) {
        refuseWhenDown();
        var mine = rows.values().stream().filter(row -> row.allocation.owner().equals(owner));
        var all = mine.map(FakeClaims::claim).toList();
        var over = all.stream().filter(claim -> !claim.allocation().state().live()).toList();
        var shown = new ArrayList<>(over.subList(Math.max(0, over.size() - ended), over.size()));
        all.stream().filter(claim -> claim.allocation().state().live()).forEach(shown::add);
        return shown;
    }

    @Override
    public synchronized Map<AllocationId, Long> newestEvents(Collection<AllocationId> ids) {
        refuseWhenDown();
        var newest = new HashMap<AllocationId, Long>();
        for (var id : ids) {
            var story = stories.getOrDefault(id, List.of());
            if (!story.isEmpty()) {
                newest.put(id, story.getLast().id());
            }
        }
        return newest;
    }

    @Override
    public synchronized Optional<Allocation> startEnding(
            AllocationId id, EndReason why, Instant now) {
        refuseWhenDown();
        var row = rows.get(id);
        if (row == null) {
            return Optional.empty();
        }
        if (row.allocation.state() != AllocationState.ENDING && row.allocation.state().live()) {
            put(row.allocation.startEnding(why), row.address, row.login);
            tell(id, now, Phase.ENDING, why.detail());
        }
        return Optional.of(rows.get(id).allocation);
    }

    @Override
    public synchronized List<AllocationId> allLive() {
        refuseWhenDown();
        return rows.values().stream()
                .map(Row::allocation)
                .filter(allocation -> allocation.state().live())
                .map(Allocation::id)
                .toList();
    }

    @Override
    public synchronized Optional<Login> login(AllocationId id) {
        refuseWhenDown();
        return Optional.ofNullable(rows.get(id))
                .filter(row -> row.allocation.state() == AllocationState.ACTIVE)
                .flatMap(Row::login);
    }

    @Override
    public synchronized List<Event> events(AllocationId id, long after) {
        refuseWhenDown();
        return stories.getOrDefault(id, List.of()).stream()
                .filter(event -> event.id() > after)
                .toList();
    }

    @Override
    public synchronized void tell(Event event) {
        refuseWhenDown();
        tell(event.allocation(), event.at(), event.phase(), event.detail());
    }

    /** Gives a waiting claim its container, as the loop does. */
    public synchronized void activate(AllocationId id, Address address, Login login, Instant now) {
        var waiting = rows.get(id).allocation;
        var binding = waiting.bindTo(login.container());
        tell(id, now, Phase.BINDING, "");
        put(binding.activate(now), Optional.of(address), Optional.of(login));
        tell(id, now, Phase.ACTIVE, "");
    }

    /** Ends a claim, as the loop does. */
    public synchronized void end(AllocationId id, EndReason why, Instant now) {
        var row = rows.get(id);
        put(row.allocation.end(why, now), row.address, row.login);
        tell(id, now, Phase.ENDED, why.detail());
    }

    /** Adds a step to a claim's story. */
    public synchronized void tell(AllocationId id, Instant at, Phase phase, String detail) {
        stories.computeIfAbsent(id, key -> new ArrayList<>())
                .add(new Event(++lastEvent, id, at, phase, detail));
    }

    /** The claim whose container has this id. */
    public synchronized Optional<Claim> byContainer(ContainerId container) {
        return rows.values().stream()
                .filter(row -> row.allocation.container().equals(Optional.of(container)))
                .findFirst()
                .map(FakeClaims::claim);
    }

    private long countLive(UserId owner) {
        return rows.values().stream()
                .filter(row -> row.allocation.state().live())
                .filter(row -> row.allocation.owner().equals(owner))
                .count();
    }

    private void put(Allocation allocation, Optional<Address> address, Optional<Login> login) {
        rows.put(allocation.id(), new Row(allocation, address, login));
    }

    private void refuseWhenDown() {
        if (down) {
            throw new StoreUnavailable("the database is down", null);
        }
    }

    private static Claim claim(Row row) {
        return new Claim(row.allocation, row.address);
    }
}
