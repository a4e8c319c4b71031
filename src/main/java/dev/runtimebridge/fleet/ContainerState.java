package dev.runtimebridge.fleet;

/** Where a container stands. */
public enum ContainerState {
    /** Its batch is stored; the provider may or may not have been asked yet. */
    REQUESTED,
    /** The provider named it. */
    STARTING,
    /** Its agent answers; nobody's yet. */
    READY,
    /** One allocation's. */
    BOUND,
    /** The provider is being told to end it. */
    STOPPING,
    /** Over, with a cause. */
    STOPPED;

    public boolean live() {
        return this != STOPPED;
    }

    public boolean mayBecome(ContainerState next) {
        return switch (this) {
            case REQUESTED -> next == STARTING || next == STOPPED;
            case STARTING -> next == READY || next == STOPPING || next == STOPPED;
            case READY -> next == BOUND || next == STOPPING || next == STOPPED;
            case BOUND -> next == STOPPING || next == STOPPED;
            case STOPPING -> next == STOPPED;
            case STOPPED -> false;
        };
    }
}
