package dev.runtimebridge.allocation;

import java.time.Instant;

/**
 * One step of an allocation's story.
 *
 * @param id grows with time within one allocation; 0 until it is stored
 * @param detail one sentence for people; may be empty
 */
public record Event(long id, AllocationId allocation, Instant at, Phase phase, String detail) {

    /** The steps, as the wire writes them in lower case. */
    public enum Phase {
        /** The claim is stored. */
        WAITING,
        /** A container is being asked for. */
        REQUESTED,
        /** The provider starts a container. */
        STARTING,
        /** A container's agent answers. */
        READY,
        /** The agent is being initialised for this user. */
        BINDING,
        /** The user may log in. */
        ACTIVE,
        /** Its provider takes the container away soon; it can be used until then. */
        INTERRUPTED,
        /** An attempt failed; another follows. */
        RETRYING,
        /** Something happened in the container that its owner should know; it goes on. */
        NOTICED,
        /** The container is being stopped. */
        ENDING,
        /** Over. */
        ENDED
    }

    public static Event of(AllocationId allocation, Instant at, Phase phase, String detail) {
        return new Event(0, allocation, at, phase, detail);
    }
}
