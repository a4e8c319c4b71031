package dev.runtimebridge.provider.local;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the local provider is told.
 *
 * @param folder where records, workspaces and logs are kept; one bridge at a time uses it
 * @param path the search path for programs, as {@code PATH} has it
 * @param bridgeKey base64 of the bridge's public key, an RSA SubjectPublicKeyInfo
 * @param bridgeUrl where agents call home; asked for at each start
 * @param agentPort of every container that has an address of its own
 * @param sshPort likewise
 * @param agentSettings further environment of agents, {@code ALLOWED_ORIGINS} say; every user may
 *     read it
 * @param grace how long an agent may take to end before it is killed
 * @param sandbox whether to separate containers by bubblewrap where that works
 */
public record LocalSettings(
        Path folder,
        String path,
        AgentSoftware agent,
        String bridgeKey,
        Supplier<URI> bridgeUrl,
        int agentPort,
        int sshPort,
        Map<String, String> agentSettings,
        Duration grace,
        boolean sandbox) {
    public static final int AGENT_PORT = 8000;
    public static final int SSH_PORT = 2222;
    public static final Duration GRACE = Duration.ofSeconds(2);

    public LocalSettings {
        folder = folder.toAbsolutePath().normalize();
        agentSettings = Map.copyOf(agentSettings);
        if (agentPort == sshPort) {
            throw new IllegalArgumentException(
                    "agents and SSH servers cannot share port " + agentPort);
        }
    }
}
