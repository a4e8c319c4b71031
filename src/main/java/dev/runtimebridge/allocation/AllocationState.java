package dev.runtimebridge.allocation;

/** Where a claim stands. Everything before {@link #ENDED} is live. */
public enum AllocationState {
    /** No container yet. */
    WAITING,
    /** A container was chosen; its agent is being initialised. */
    BINDING,
    /** The user may use the container. */
    ACTIVE,
    /** The container is being stopped. */
    ENDING,
    /** Over, with a reason. */
    ENDED;

    public boolean live() {
        return this != ENDED;
    }

    public boolean mayBecome(AllocationState next) {
        return switch (this) {
            case WAITING -> next == BINDING || next == ENDING || next == ENDED;
            case BINDING -> next == ACTIVE || next == WAITING || next == ENDING || next == ENDED;
            case ACTIVE -> next == ENDING || next == ENDED;
            case ENDING -> next == ENDED;
            case ENDED -> false;
        };
    }
}
