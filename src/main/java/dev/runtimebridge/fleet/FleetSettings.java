package dev.runtimebridge.fleet;

import java.time.Duration;

/**
 * How the loop paces itself.
 *
 * @param holder this bridge's name in the lease
 * @param leaseTtl how long the lease outlives a bridge that stopped renewing it
 * @param pollEvery how often containers that start are looked at, call home or not
 * @param startDeadline how long a container may take from being asked for to answering
 * @param launchDeadline how long a user's claim may wait for a container
 * @param surplusAfter how long a container that nobody wants is kept
 */
public record FleetSettings(
        String holder,
        Duration leaseTtl,
        Duration pollEvery,
        Duration startDeadline,
        Duration launchDeadline,
        Duration surplusAfter) {}
