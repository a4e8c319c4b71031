package dev.runtimebridge.emulator.region;

/** The times that a task carries. Source: Task of the ECS API reference. */
public enum Moment {
    CREATED("createdAt"),
    CONNECTED("connectivityAt"),
    PULL_STARTED("pullStartedAt"),
    PULL_STOPPED("pullStoppedAt"),
    STARTED("startedAt"),
    STOPPING("stoppingAt"),
    EXECUTION_STOPPED("executionStoppedAt"),
    STOPPED("stoppedAt");

    private final String field;

    Moment(String field) {
        this.field = field;
    }

    /** Its name on the wire. */
    public String field() {
        return field;
    }
}
