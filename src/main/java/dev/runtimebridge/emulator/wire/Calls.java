package dev.runtimebridge.emulator.wire;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Counts calls by action, and remembers the last ones. */
public final class Calls {
    private static final int REMEMBERED = 1_000;
    private static final String WELL = "ok";
    private static final String THROTTLED = "throttled";

    /** Whose agent could answer that long ago is in use by then, or of no use. */
    private static final Duration LAUNCHED_AFTER = Duration.ofSeconds(5);

    private final InstantSource clock;
    private final Map<String, Count> counts = new TreeMap<>();
    private final Deque<Call> last = new ArrayDeque<>();
    private long sweeps;
    private volatile Consumer<Call> watcher = _ -> {};

    Calls(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * How often an action was called.
     *
     * @param all every call, refused ones included
     * @param throttled those refused because a bucket was empty
     * @param failed those refused for another reason, or whose answer was lost
     */
    public record Count(long all, long throttled, long failed) {
        private static final Count NONE = new Count(0, 0, 0);

        private Count and(String outcome) {
            boolean refused = !outcome.equals(WELL);
            boolean slowed = outcome.equals(THROTTLED);
            return new Count(
                    all + 1, throttled + (slowed ? 1 : 0), failed + (refused && !slowed ? 1 : 0));
        }
    }

    /**
     * One call.
     *
     * @param when in emulated time
     * @param action {@code ecs:RunTask}
     * @param outcome {@code ok}, {@code throttled}, or the error's code
     */
    public record Call(Instant when, String action, String outcome) {}

    void well(String action) {
        add(action, WELL);
    }

    void refused(String action, String code) {
        add(action, code);
    }

    void throttled(String action) {
        add(action, THROTTLED);
    }

    /** DescribeTasks looked at tasks whose agents can answer since then, if they can. */
    synchronized void described(List<Optional<Instant>> upSince) {
        var launched = clock.instant().minus(LAUNCHED_AFTER);
        if (upSince.stream().allMatch(since -> since.map(launched::isAfter).orElse(false))) {
            sweeps++;
        }
    }

    /**
     * How many of the DescribeTasks looked at nothing but tasks whose agents could answer five
     * seconds before: they are no part of any launch.
     */
    public synchronized long sweeps() {
        return sweeps;
    }

    /** Counts by action, {@code ecs:RunTask}. */
    public synchronized Map<String, Count> counts() {
        return new TreeMap<>(counts);
    }

    /** How often this action was called; {@code ecs:RunTask}. */
    public synchronized Count of(String action) {
        return counts.getOrDefault(action, Count.NONE);
    }

    /** The last thousand, oldest first. */
    public synchronized List<Call> last() {
        return new ArrayList<>(last);
    }

    /** Begins to count anew. */
    public synchronized void reset() {
        counts.clear();
        sweeps = 0;
        last.clear();
    }

    /** Tells of each call from now on; must be quick. */
    public void watch(Consumer<Call> next) {
        watcher = next;
    }

    private void add(String action, String outcome) {
        var call = new Call(clock.instant(), action, outcome);
        synchronized (this) {
            counts.put(action, counts.getOrDefault(action, Count.NONE).and(outcome));
            last.addLast(call);
            if (last.size() > REMEMBERED) {
                last.removeFirst();
            }
        }
        watcher.accept(call);
    }
}
