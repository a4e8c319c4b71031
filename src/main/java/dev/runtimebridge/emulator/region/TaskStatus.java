package dev.runtimebridge.emulator.region;

/**
 * A task's {@code lastStatus}. Source: "Amazon ECS task lifecycle" of the ECS developer guide,
 * which has the image pulled while ACTIVATING.
 */
public enum TaskStatus {
    PROVISIONING,
    PENDING,
    ACTIVATING,
    RUNNING,
    DEACTIVATING,
    STOPPING,
    DEPROVISIONING,
    STOPPED
}
