package dev.runtimebridge.launch;

import dev.runtimebridge.allocation.Allocation;
import dev.runtimebridge.allocation.EndReason;
import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.provider.Address;

/** What a launch came to. */
public sealed interface LaunchOutcome {
    /** The user may go in. */
    record Launched(Allocation allocation, Address address) implements LaunchOutcome {}

    /** The caller's patience ran out first; asking again joins the same launch. */
    record StillStarting(Allocation allocation) implements LaunchOutcome {}

    /** There is no such image. */
    record NoSuchImage(ImageId image) implements LaunchOutcome {}

    /**
     * The image exists and cannot be launched: disabled, or the provider has nothing to run it
     * with.
     */
    record ImageUnavailable(ImageId image, String why) implements LaunchOutcome {}

    /** The user has as many containers as allowed. */
    record TooManyContainers(int most) implements LaunchOutcome {}

    /** Too many launches of this user are under way already. */
    record TooManyWaiting(int most) implements LaunchOutcome {}

    /** The launch ended without a container. */
    record Failed(Allocation allocation, EndReason why) implements LaunchOutcome {}
}
