package dev.runtimebridge.config;

import java.time.Duration;

/**
 * How the loops run.
 *
 * @param holder this bridge's name in the lease; no two running bridges may share one
 * @param leaseTtl how long the lease outlives its last renewal
 * @param containerStartDeadline how long a container may take until its agent answers
 * @param launchDeadline how long an allocation may wait for its container
 */
public record LoopSettings(
        String holder,
        Duration leaseTtl,
        Duration containerStartDeadline,
        Duration launchDeadline) {}
