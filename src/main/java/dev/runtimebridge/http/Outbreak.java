package dev.runtimebridge.http;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Keeps a fault that meets thousands at once from filling the log: one line in a while, which tells
 * how many more there were since the last. Safe for many threads.
 */
final class Outbreak {
    private final InstantSource clock;
    private final Duration between;
    private Instant next = Instant.MIN;
    private long unsaid;

    /**
     * @param between the least time between two lines
     */
    Outbreak(InstantSource clock, Duration between) {
        this.clock = clock;
        this.between = between;
    }

    /** One more; what to log about it, if anything: {@code line}, and how many were kept silent. */
    synchronized Optional<String> told(String line) {
        var now = clock.instant();
        if (now.isBefore(next)) {
            unsaid++;
            return Optional.empty();
        }
        next = now.plus(between);
        var more = unsaid == 0 ? "" : " (and " + unsaid + " more since the last such line)";
        unsaid = 0;
        return Optional.of(line + more);
    }
}
