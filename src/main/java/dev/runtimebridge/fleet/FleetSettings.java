package dev.runtimebridge.fleet;

import java.time.Duration;

/**
 * How the loop paces itself.
 *
 * @param holder this bridge's name in the lease
 * @param leaseTtl how long the lease outlives a bridge that stopped renewing it
 * @param pollEvery the least time between two looks at containers that start, hints apart
 * @param startDeadline how long a container may take from being asked for to answering
 * @param launchDeadline how long a user's claim may wait for a container
 * @param busyLimit how long both may take at most while a container is busy with something that
 *     comes to an end, such as fetching its image
 * @param surplusAfter how long a container that nobody wants is kept
 */
public record FleetSettings(
        String holder,
        Duration leaseTtl,
        Duration pollEvery,
        Duration startDeadline,
        Duration launchDeadline,
        Duration busyLimit,
        Duration surplusAfter) {
    /** How often an agent that does not answer yet is asked again: that costs nobody anything. */
    static final Duration PING_EVERY = Duration.ofMillis(250);

    /** How long the loop rests when nothing wakes it. */
    Duration tick() {
        return pollEvery.compareTo(PING_EVERY) < 0 ? pollEvery : PING_EVERY;
    }
}
