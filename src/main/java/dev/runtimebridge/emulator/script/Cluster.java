package dev.runtimebridge.emulator.script;

import java.util.List;

/**
 * An ECS cluster.
 *
 * @param capacityProviders those associated with it, {@code FARGATE} and {@code FARGATE_SPOT}
 * @param active whether it is ACTIVE, not INACTIVE
 */
public record Cluster(String name, List<String> capacityProviders, boolean active) {
    public Cluster {
        capacityProviders = List.copyOf(capacityProviders);
    }

    public static Cluster of(String name) {
        return new Cluster(name, List.of("FARGATE", "FARGATE_SPOT"), true);
    }
}
