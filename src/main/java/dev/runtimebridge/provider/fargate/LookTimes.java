package dev.runtimebridge.provider.fargate;

import java.time.Duration;
import java.time.Instant;

/**
 * When what is known of a task is too old to answer with. A bound from below on the calls that
 * looks cost, however often somebody asks: the loop decides when it asks.
 */
final class LookTimes {
    /** AWS has not been seen to show a task's interface any earlier. */
    static final Duration FIRST = Duration.ofSeconds(3);

    /** Looks wait for others so long, so that one call serves them all. */
    static final Duration BETWEEN_CALLS = Duration.ofMillis(700);

    private static final Duration WITH_ADDRESS = Duration.ofSeconds(5);
    private static final Duration WHILE_RUNNING = Duration.ofSeconds(10);
    private static final int TASKS_PER_CALL = 100;

    private final int callsPerSecond;

    /**
     * @param callsPerSecond that looks at running tasks may take
     */
    LookTimes(int callsPerSecond) {
        this.callsPerSecond = callsPerSecond;
    }

    /**
     * After a look at {@code now}.
     *
     * @param tracked how many tasks there are to be looked at
     */
    Instant next(Sighting seen, Instant now, int tracked) {
        if (seen.running()) {
            return now.plus(whileRunning(tracked));
        }
        return now.plus(seen.address() == null ? BETWEEN_CALLS : WITH_ADDRESS);
    }

    /** Long enough for all of them to be looked at in turn. */
    private Duration whileRunning(int tracked) {
        long calls = Math.ceilDiv(tracked, TASKS_PER_CALL);
        var enough = Duration.ofMillis(calls * 1_000 / callsPerSecond);
        return enough.compareTo(WHILE_RUNNING) > 0 ? enough : WHILE_RUNNING;
    }
}
