package dev.runtimebridge.config;

import dev.runtimebridge.provider.fargate.FargateSettings;

import java.nio.file.Path;

/** Where containers run. */
public sealed interface ProviderSettings {
    /**
     * As processes of this machine.
     *
     * @param folder where workspaces and logs are kept
     * @param agentPort what agents listen on, each on an address of its own
     */
    record Local(Path folder, int agentPort) implements ProviderSettings {}

    /**
     * As tasks on AWS Fargate.
     *
     * @param agentPort what agents listen on
     */
    record Fargate(FargateSettings settings, int agentPort) implements ProviderSettings {}
}
