package dev.runtimebridge.provider.fargate;

import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.fargate.FargateSettings.Capacity;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The places that tasks can start in. Batches take them in turn, so that tasks spread over the
 * zones; one that was full is left alone for a while. Spot places, where there are any, come before
 * on-demand ones. Safe for many threads.
 */
final class Places {
    /** Capacity comes back within minutes, and asking too early costs a launch a second or so. */
    static final Duration LEFT_ALONE_FOR = Duration.ofMinutes(1);

    private final List<Place> all;
    private final InstantSource clock;
    private final Map<Place, Instant> fullUntil = new HashMap<>();
    private int turn;

    Places(FargateSettings.Capacity capacity, List<String> subnets, InstantSource clock) {
        var places = new ArrayList<Place>();
        if (capacity == Capacity.SPOT) {
            subnets.forEach(subnet -> places.add(new Place(Capacity.SPOT, subnet)));
        }
        subnets.forEach(subnet -> places.add(new Place(Capacity.ON_DEMAND, subnet)));
        this.all = List.copyOf(places);
        this.clock = clock;
    }

    /** Where the next batch is to start; when all are full, where that was longest ago. */
    synchronized Place next() {
        turn++;
        return preferred().orElseGet(() -> waiting(all.stream().toList()));
    }

    /** The place that {@link #next} would most likely give, without taking a turn. */
    synchronized Place likely() {
        return preferred().orElse(all.getFirst());
    }

    private Optional<Place> preferred() {
        for (var capacity : List.of(Capacity.SPOT, Capacity.ON_DEMAND)) {
            var open =
                    all.stream()
                            .filter(place -> place.capacity() == capacity)
                            .filter(this::isOpen)
                            .toList();
            if (!open.isEmpty()) {
                return Optional.of(open.get(Math.floorMod(turn, open.size())));
            }
        }
        return Optional.empty();
    }

    private Place waiting(List<Place> full) {
        return full.stream()
                .min(Comparator.comparing(place -> fullUntil.getOrDefault(place, Instant.MIN)))
                .orElseThrow();
    }

    /**
     * There was no room.
     *
     * @return whether there may be some in another place
     */
    synchronized boolean full(Place place) {
        fullUntil.put(place, clock.instant().plus(LEFT_ALONE_FOR));
        return all.stream().anyMatch(this::isOpen);
    }

    /** The cause, which is no failure where a place had no room and another one may have. */
    Cause judged(Cause cause, Place place) {
        return cause.kind() == Cause.Kind.CAPACITY && full(place)
                ? cause.as(Cause.Kind.NO_ROOM_HERE)
                : cause;
    }

    private boolean isOpen(Place place) {
        var until = fullUntil.get(place);
        return until == null || !until.isAfter(clock.instant());
    }
}
