package dev.runtimebridge.gateway;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/**
 * How far the table of events was read. Ids are given before their transactions commit, so an id
 * may become visible after a higher one: those that were passed over are asked for again for a
 * while. Most of them never come, having been rolled back or reserved in vain.
 */
final class EventCursor {
    /** No transaction takes as long: the database ends it before. */
    static final Duration LONGEST_MISSING = Duration.ofSeconds(20);

    /** More ids than this at once are another counting, not transactions that are under way. */
    static final int MOST_MISSING = 500;

    private final TreeMap<Long, Instant> missing = new TreeMap<>();
    private long newest;

    /** Starts behind {@code event}; what commits late just before it is still to come. */
    void restart(long event, Instant now) {
        missing.clear();
        newest = Math.max(0, event - MOST_MISSING);
        pass(event, now);
    }

    long newest() {
        return newest;
    }

    Collection<Long> missing() {
        return List.copyOf(missing.keySet());
    }

    /**
     * Takes note of what was read.
     *
     * @param events ids in ascending order
     */
    void read(Collection<Long> events, Instant now) {
        missing.keySet().removeAll(events);
        for (long event : events) {
            if (event > newest) {
                pass(event - 1, now);
                newest = event;
            }
        }
        missing.values().removeIf(since -> since.plus(LONGEST_MISSING).isBefore(now));
    }

    /** Goes on to {@code event}, none of the ids up to it having been seen. */
    private void pass(long event, Instant now) {
        for (long id = Math.max(newest + 1, event - MOST_MISSING + 1); id <= event; id++) {
            missing.put(id, now);
        }
        while (missing.size() > MOST_MISSING) {
            missing.pollFirstEntry();
        }
        newest = Math.max(newest, event);
    }
}
