package dev.runtimebridge.provider.docker;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Where containers run, and what they are told.
 *
 * @param host of the engine, {@code unix:///var/run/docker.sock}
 * @param installation tells our containers from those of others on the engine: 1 to 64 letters,
 *     digits, {@code -} and {@code _}
 * @param helperImage one of this project's images, for the errands of the provider itself
 * @param subnet of the containers' network, {@code 10.20.0.0/20}; absent for the engine's choice
 * @param agentPort what agents listen on
 * @param bridgeUrl where agents call home; asked for when a container starts
 * @param agentSettings further environment of every agent; nothing secret
 * @param grace how long a container that is told to end may take
 */
public record DockerSettings(
        URI host,
        String installation,
        String helperImage,
        Optional<String> subnet,
        int agentPort,
        Supplier<URI> bridgeUrl,
        Map<String, String> agentSettings,
        Duration grace) {
    /** Enough for programs that save what they have in hand. */
    public static final Duration GRACE = Duration.ofSeconds(10);

    private static final Pattern INSTALLATION = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    public DockerSettings {
        agentSettings = Map.copyOf(agentSettings);
        if (!INSTALLATION.matcher(installation).matches()) {
            throw new IllegalArgumentException("not an installation's name: " + installation);
        }
    }
}
