package dev.runtimebridge.allocation;

import java.util.Optional;

/**
 * Why an allocation ended: a code for machines, one sentence for people.
 *
 * @param fault what went wrong, where something did
 */
public record EndReason(Code code, String detail, Optional<Fault> fault) {
    private static final int LONGEST_DETAIL = 500;

    /** What can end an allocation. */
    public enum Code {
        /** Its owner asked for it. */
        STOPPED_BY_OWNER,
        /** An administrator asked for it. */
        STOPPED_BY_ADMIN,
        /** No container came up in spite of several attempts. */
        START_FAILED,
        /** The launch deadline passed. */
        LAUNCH_TIMED_OUT,
        /** The container went away by itself. */
        CONTAINER_LOST,
        /** The bridge that ran everything on this machine ended. */
        BRIDGE_STOPPED
    }

    /** One that is nobody's fault, or whose fault nobody knows. */
    public EndReason(Code code, String detail) {
        this(code, detail, Optional.empty());
    }

    public EndReason {
        if (detail.length() > LONGEST_DETAIL) {
            detail = detail.substring(0, LONGEST_DETAIL);
        }
    }
}
