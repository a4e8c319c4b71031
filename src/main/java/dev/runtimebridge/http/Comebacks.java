package dev.runtimebridge.http;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;

import java.time.Duration;

/**
 * When those who are refused for now are to come again: so many each second, one after the other. A
 * crowd that was refused together would otherwise be there again together, to be refused again.
 */
final class Comebacks {
    /** A database answers more than that. */
    static final int EACH_SECOND = 500;

    private static final Duration LATEST = Duration.ofSeconds(30);

    private final Duration soonest;
    private final Bucket places;

    /**
     * @param soonest what a few are told
     */
    Comebacks(Duration soonest) {
        this(soonest, TimeMeter.SYSTEM_MILLISECONDS);
    }

    Comebacks(Duration soonest, TimeMeter time) {
        this.soonest = soonest;
        this.places =
                Bucket.builder()
                        .addLimit(
                                limit ->
                                        limit.capacity(EACH_SECOND)
                                                .refillGreedy(EACH_SECOND, Duration.ofSeconds(1)))
                        .withCustomTimePrecision(time)
                        .build();
    }

    /** What one more is told, in whole seconds; half a minute at most. */
    Duration next() {
        var due = Duration.ofNanos(places.estimateAbilityToConsume(1).getNanosToWaitForRefill());
        if (due.compareTo(LATEST) > 0) {
            return LATEST;
        }
        places.consumeIgnoringRateLimits(1);
        var whole = Duration.ofSeconds(due.plusNanos(999_999_999).toSeconds());
        return whole.compareTo(soonest) > 0 ? whole : soonest;
    }
}
