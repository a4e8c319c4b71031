package dev.runtimebridge;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The time of day, but never backwards: where the system's clock is set back, time goes on from
 * where it was. Pauses, deadlines and leases would otherwise last as much longer.
 */
final class SteadyClock implements InstantSource {
    private final InstantSource wall;
    private Instant base;
    private long baseNanos;

    SteadyClock(InstantSource wall) {
        this.wall = wall;
        this.base = wall.instant();
        this.baseNanos = System.nanoTime();
    }

    @Override
    public synchronized Instant instant() {
        long nanos = System.nanoTime();
        var steady = base.plus(Duration.ofNanos(nanos - baseNanos));
        var now = wall.instant();
        base = now.isAfter(steady) ? now : steady;
        baseNanos = nanos;
        return base;
    }
}
