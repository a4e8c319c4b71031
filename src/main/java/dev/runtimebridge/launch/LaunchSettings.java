package dev.runtimebridge.launch;

import java.time.Duration;

/**
 * How launches wait, and how much one user may have.
 *
 * @param patience how long a request waits at most unless it says otherwise; up to a fifth less
 * @param mostPerUser live allocations a user may have
 * @param mostWaitingPerUser launches of one user that may be under way at the same time
 * @param pollEvery how often a bridge looks for changes that another bridge made
 */
public record LaunchSettings(
        Duration patience, int mostPerUser, int mostWaitingPerUser, Duration pollEvery) {}
