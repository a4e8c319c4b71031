package dev.runtimebridge.provider.fargate;

import dev.runtimebridge.provider.Cause;

import org.jspecify.annotations.Nullable;

/**
 * What AWS said of a task, as far as it matters here. Small: one is kept for every task that runs.
 *
 * @param version grows with each change of the task: what has a lower one is older
 * @param status AWS's word for how far it is
 * @param address its private address, once it has one
 * @param networkInterface the id of its interface, once it has one
 * @param place where it started, if AWS said so
 * @param pulling whether its image is being fetched
 * @param running whether its containers run
 * @param notice why it will be ended soon, while it runs on
 * @param end why it ended or is ending
 */
record Sighting(
        long version,
        String status,
        @Nullable String address,
        @Nullable String networkInterface,
        @Nullable Place place,
        boolean pulling,
        boolean running,
        @Nullable Cause notice,
        @Nullable Cause end) {

    /** A task that nobody has looked at yet. */
    static final Sighting UNKNOWN =
            new Sighting(0, "accepted", null, null, null, false, false, null, null);

    /** Whether this is at least as new as the other. */
    boolean atLeastAsNewAs(@Nullable Sighting other) {
        return other == null || version >= other.version;
    }

    /** The same task, told to stop. */
    Sighting ended(Cause why) {
        return new Sighting(
                version, status, address, networkInterface, place, false, false, null, why);
    }
}
