package dev.runtimebridge;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The time of day, but never backwards: where the system's clock is set back, time goes on from
 * where it was. Pauses, deadlines and leases would otherwise last as much longer.
 */
final class SteadyClock implements InstantSource {
    private final InstantSource wall;
    private final LongSupplier nanos;
    private Instant base;
    private long baseNanos;

    SteadyClock(InstantSource wall) {
        this(wall, System::nanoTime);
    }

    /**
     * @param nanos what passed since some time, never backwards
     */
    SteadyClock(InstantSource wall, LongSupplier nanos) {
        this.wall = wall;
        this.nanos = nanos;
        this.base = wall.instant();
        this.baseNanos = nanos.getAsLong();
    }

    @Override
    public synchronized Instant instant() {
        // In this order: a pause between the two must not put us ahead of the wall's time.
        var now = wall.instant();
        long passed = nanos.getAsLong();
        var steady = base.plus(Duration.ofNanos(passed - baseNanos));
        base = now.isAfter(steady) ? now : steady;
        baseNanos = passed;
        return base;
    }
}
