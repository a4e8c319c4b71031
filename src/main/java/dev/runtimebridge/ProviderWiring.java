package dev.runtimebridge;

import dev.runtimebridge.allocation.Ids;
import dev.runtimebridge.config.ProviderSettings;
import dev.runtimebridge.config.Settings;
import dev.runtimebridge.provider.ProviderException;
import dev.runtimebridge.provider.docker.DockerProvider;
import dev.runtimebridge.provider.docker.DockerSettings;
import dev.runtimebridge.provider.fargate.AgentEnvironment;
import dev.runtimebridge.provider.fargate.FargateProvider;
import dev.runtimebridge.provider.local.AgentSoftware;
import dev.runtimebridge.provider.local.LocalProvider;
import dev.runtimebridge.provider.local.LocalSettings;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** Constructs the provider of the configuration, and loads the classes of no other. */
final class ProviderWiring {
    private final Settings settings;
    private final String searchPath;
    private final SecureRandom random;
    private final Ids ids;
    private final InstantSource clock;

    /**
     * Wires by the settings.
     *
     * @param searchPath where programs are looked for, as {@code PATH} has it
     */
    ProviderWiring(
            Settings settings,
            String searchPath,
            SecureRandom random,
            Ids ids,
            InstantSource clock) {
        this.settings = settings;
        this.searchPath = searchPath;
        this.random = random;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * The provider of the configuration.
     *
     * @param bridgeUrl where agents call home; asked for when a container starts
     * @throws IOException when its folder cannot be used
     */
    ProviderInUse provider(Supplier<URI> bridgeUrl) throws IOException {
        return switch (settings.provider()) {
            case ProviderSettings.Local local -> local(local, bridgeUrl);
            case ProviderSettings.Docker docker -> docker(docker, bridgeUrl);
            case ProviderSettings.Fargate fargate -> fargate(fargate, bridgeUrl);
        };
    }

    private ProviderInUse local(ProviderSettings.Local local, Supplier<URI> bridgeUrl)
            throws IOException {
        var provider =
                LocalProvider.open(
                        new LocalSettings(
                                local.folder(),
                                searchPath,
                                agentSoftware(),
                                settings.secrets().bridgeKey().forAgents(),
                                bridgeUrl,
                                local.agentPort(),
                                LocalSettings.SSH_PORT,
                                Map.of("ALLOWED_ORIGINS", origins()),
                                LocalSettings.GRACE,
                                true),
                        ids,
                        clock);
        return new ProviderInUse(
                provider,
                Optional.empty(),
                () -> provider.isolation().meaning(),
                Optional::empty,
                () -> {});
    }

    private ProviderInUse fargate(ProviderSettings.Fargate fargate, Supplier<URI> bridgeUrl) {
        var environment =
                new AgentEnvironment(
                        settings.secrets().bridgeKey().forAgents(),
                        bridgeUrl,
                        fargate.agentPort(),
                        settings.http().allowedOrigins());
        var provider = FargateProvider.open(fargate.settings(), environment, clock, random);
        return new ProviderInUse(
                provider, Optional.empty(), List::of, provider::trouble, provider::close);
    }

    private ProviderInUse docker(ProviderSettings.Docker docker, Supplier<URI> bridgeUrl)
            throws IOException {
        var agents = new HashMap<String, String>();
        agents.put("AGENT_BRIDGE_KEY", settings.secrets().bridgeKey().forAgents());
        agents.put("ALLOWED_ORIGINS", origins());
        var provider =
                DockerProvider.open(
                        new DockerSettings(
                                docker.host(),
                                docker.installation(),
                                docker.helperImage(),
                                docker.subnet(),
                                docker.agentPort(),
                                bridgeUrl,
                                agents,
                                DockerSettings.GRACE),
                        clock);
        try {
            var door =
                    settings.http().agentBridgeUrl().isPresent()
                            ? Optional.<String>empty()
                            : Optional.of(provider.gateway());
            return new ProviderInUse(
                    provider, door, provider::notes, provider::trouble, provider::close);
        } catch (ProviderException e) {
            provider.close();
            throw new IOException(e.why().text(), e);
        }
    }

    private String origins() {
        return String.join(",", settings.http().allowedOrigins());
    }

    /** Beside the bridge, as the build and the container image lay both out. */
    static AgentSoftware agentSoftware() {
        var home = home();
        var javaHome = Path.of(System.getProperty("java.home"));
        var supervisor = home.resolve("runtime-agent/bin/run-agent");
        var inBuild = home.resolveSibling("runtime-agent").resolve("bin/run-agent");
        return new AgentSoftware(
                Files.exists(supervisor) ? supervisor : inBuild,
                home.resolve("runtime-agent"),
                javaHome);
    }

    /**
     * The folder that has {@code bridge/} and {@code runtime-agent/}: two above this program's jar
     * or classes.
     */
    private static Path home() {
        try {
            var code =
                    Path.of(
                            ProviderWiring.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI());
            return Objects.requireNonNull(code.resolve("../..").normalize());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("this program does not know where it lies", e);
        }
    }
}
