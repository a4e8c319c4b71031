package dev.runtimebridge.store;

import dev.runtimebridge.allocation.Allocation;
import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.AllocationState;
import dev.runtimebridge.allocation.Event;
import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.allocation.Slot;
import dev.runtimebridge.allocation.UserId;

import org.jdbi.v3.core.Handle;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Stores new claims together: one read finds what their users have, one insert adds the rest, one
 * more their first events. When another bridge was faster with one of the keys, the insert fails as
 * a whole and everything is done again from the read on.
 *
 * <p>The number of live allocations per user is counted without locks: bridges that store claims of
 * one user for different images at the same moment may each let one more in.
 */
final class ClaimWriter {
    static final String LIVE_OF_USERS =
            "select "
                    + AllocationRows.COLUMNS
                    + " from allocation a where a.owner in %s and a.live = 1";
    private static final String BY_IDS =
            "select " + AllocationRows.COLUMNS + " from allocation a where a.id in %s";

    // The order of the unique key: bridges that insert the same keys do not deadlock.
    private static final Comparator<Allocation> KEY_ORDER =
            Comparator.comparing((Allocation a) -> a.owner().value())
                    .thenComparing(Allocation::image)
                    .thenComparing(a -> a.slot().value());

    private record Key(UserId owner, ImageId image, Slot slot) {
        static Key of(Allocation a) {
            return new Key(a.owner(), a.image(), a.slot());
        }
    }

    /**
     * @param repeated whether an earlier attempt may have got through
     */
    List<Optional<Allocation>> claim(
            Handle handle, List<Allocation> wanted, int mostPerUser, boolean repeated) {
        var live = new HashMap<Key, Allocation>();
        var counts = new HashMap<UserId, Integer>();
        for (var found : liveOf(handle, wanted)) {
            live.put(Key.of(found), found);
            counts.merge(found.owner(), 1, Integer::sum);
        }
        Map<AllocationId, Allocation> own = repeated ? stored(handle, wanted) : Map.of();
        var fresh = new ArrayList<Allocation>();
        var answers = new ArrayList<Optional<Allocation>>(wanted.size());
        for (var claim : wanted) {
            var present = own.getOrDefault(claim.id(), live.get(Key.of(claim)));
            if (present != null) {
                answers.add(Optional.of(present));
            } else if (counts.getOrDefault(claim.owner(), 0) >= mostPerUser) {
                answers.add(Optional.empty());
            } else {
                var stored = asStored(claim);
                live.put(Key.of(stored), stored);
                counts.merge(stored.owner(), 1, Integer::sum);
                fresh.add(stored);
                answers.add(Optional.of(stored));
            }
        }
        fresh.sort(KEY_ORDER);
        AllocationRows.insert(handle, fresh);
        AllocationRows.append(
                handle,
                fresh.stream()
                        .map(a -> Event.of(a.id(), a.createdAt(), Event.Phase.WAITING, ""))
                        .toList());
        return answers;
    }

    /** The claim as the next read will find it: times have whole microseconds. */
    private static Allocation asStored(Allocation claim) {
        if (claim.state() != AllocationState.WAITING) {
            throw new IllegalArgumentException(
                    "a new claim is WAITING, " + claim.id() + " is " + claim.state());
        }
        return Allocation.waiting(
                claim.id(),
                claim.owner(),
                claim.image(),
                claim.slot(),
                claim.createdAt().truncatedTo(ChronoUnit.MICROS));
    }

    private static Collection<Allocation> liveOf(Handle handle, List<Allocation> wanted) {
        var owners =
                wanted.stream()
                        .map(Allocation::owner)
                        .collect(Collectors.toCollection(LinkedHashSet::new));
        var found = new ArrayList<Allocation>();
        for (var list : InLists.of(owners)) {
            var query = handle.createQuery(LIVE_OF_USERS.formatted(InLists.marks(list.size())));
            for (int i = 0; i < list.size(); i++) {
                query.bind(i, list.get(i).bytes());
            }
            query.map((row, context) -> AllocationRows.allocation(row)).forEach(found::add);
        }
        return found;
    }

    private static Map<AllocationId, Allocation> stored(Handle handle, List<Allocation> wanted) {
        var found = new HashMap<AllocationId, Allocation>();
        for (var list : InLists.of(wanted)) {
            var query = handle.createQuery(BY_IDS.formatted(InLists.marks(list.size())));
            for (int i = 0; i < list.size(); i++) {
                query.bind(i, list.get(i).id().value());
            }
            query.map((row, context) -> AllocationRows.allocation(row))
                    .forEach(a -> found.put(a.id(), a));
        }
        return found;
    }
}
