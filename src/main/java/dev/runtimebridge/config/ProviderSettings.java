package dev.runtimebridge.config;

import dev.runtimebridge.provider.fargate.FargateSettings;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

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
     * As containers of a Docker engine.
     *
     * @param installation marks what is ours
     * @param helperImage one of this project's images
     * @param subnet of the containers' network
     * @param agentPort what agents listen on
     */
    record Docker(
            URI host,
            String installation,
            String helperImage,
            Optional<String> subnet,
            int agentPort)
            implements ProviderSettings {}

    /**
     * As tasks on AWS Fargate.
     *
     * @param agentPort what agents listen on
     */
    record Fargate(FargateSettings settings, int agentPort) implements ProviderSettings {}
}
