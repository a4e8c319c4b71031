package dev.runtimeagent.config;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.interfaces.RSAPublicKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that the agent is told by its environment; {@code docs/agent.md} lists the keys. Holds no
 * secret.
 *
 * @param container the provider's reference of this container
 * @param bridgeKey the bridge's public key
 * @param bridgeUrl scheme, host and port of the bridge, without path
 * @param address where to listen, and where calls to the bridge come from unless it is the wildcard
 * @param port HTTP and Socket.IO; 0 lets the system choose
 * @param sshPort SSH; 0 lets the system choose
 * @param user login name in the container
 * @param home the user's home folder
 * @param workspace where {@code /run/start} writes and shells start
 * @param state private folder of the agent: host keys, and what init settled
 * @param shell login shell
 * @param network whether others' programs listen beside the user's
 * @param onEcs whether this is a task on ECS, which may be told to end before its user knows
 * @param cgroup where the container has its own control group; absent where it has none
 * @param sourceUrl template of the address that {@code /run/start} fetches from
 */
public record AgentSettings(
        String container,
        RSAPublicKey bridgeKey,
        URI bridgeUrl,
        InetAddress address,
        int port,
        SshKind ssh,
        int sshPort,
        String user,
        Path home,
        Path workspace,
        Path state,
        Path shell,
        Optional<SourceTemplate> sourceUrl,
        AllowedOrigins allowedOrigins,
        NetworkKind network,
        boolean onEcs,
        Optional<Path> cgroup) {
    private static final Set<String> OF_THE_IMAGE =
            Set.of("AGENT_SSH", "AGENT_SSH_PORT", "AGENT_USER", "AGENT_HOME", "AGENT_STATE");

    /**
     * Reads this process's environment, and in a task on ECS its metadata.
     *
     * @throws InvalidSettings naming every fault at once
     * @throws java.io.UncheckedIOException when the metadata cannot be read
     */
    public static AgentSettings fromEnvironment() {
        return from(TaskMetadata.complete(System.getenv()));
    }

    /**
     * Reads the given variables, and in their place those that an image with an sshd of its own
     * sets.
     *
     * @throws InvalidSettings naming every fault at once
     */
    public static AgentSettings inImage(Map<String, String> variables) {
        var all = new HashMap<>(variables);
        if (System.getenv("AGENT_SSH") != null) {
            OF_THE_IMAGE.stream()
                    .filter(System.getenv()::containsKey)
                    .forEach(key -> all.put(key, System.getenv(key)));
        }
        return from(all);
    }

    /**
     * Reads the given variables.
     *
     * @throws InvalidSettings naming every fault at once
     */
    public static AgentSettings from(Map<String, String> variables) {
        var environment = new Environment(variables);
        var container = environment.text("AGENT_CONTAINER");
        var bridgeKey = environment.rsaKey("AGENT_BRIDGE_KEY");
        var bridgeUrl = environment.url("AGENT_BRIDGE_URL");
        var address = environment.address("AGENT_ADDRESS", "0.0.0.0");
        var port = environment.port("AGENT_PORT", 8000);
        var ssh = environment.choice("AGENT_SSH", SshKind.class, SshKind.EMBEDDED);
        var sshPort = environment.port("AGENT_SSH_PORT", 2222);
        var user = environment.text("AGENT_USER", "together");
        var home = environment.folder("AGENT_HOME");
        var workspace =
                environment.path(
                        "AGENT_WORKSPACE", home == null ? null : home.resolve("workspace"));
        var state = environment.folder("AGENT_STATE");
        var shell = environment.path("AGENT_SHELL", Path.of("/bin/bash"));
        var sourceUrl = environment.sourceTemplate("AGENT_SOURCE_URL");
        var allowedOrigins = environment.origins("ALLOWED_ORIGINS");
        var network = environment.choice("AGENT_NETWORK", NetworkKind.class, NetworkKind.OWN);
        var cgroup = environment.path("AGENT_CGROUP", null);
        environment.refuseFaults();
        return new AgentSettings(
                requireNonNull(container),
                requireNonNull(bridgeKey),
                requireNonNull(bridgeUrl),
                requireNonNull(address),
                port,
                ssh,
                sshPort,
                user,
                requireNonNull(home),
                requireNonNull(workspace),
                requireNonNull(state),
                requireNonNull(shell),
                sourceUrl,
                allowedOrigins,
                network,
                environment.optional(TaskMetadata.ENDPOINT).isPresent(),
                Optional.ofNullable(cgroup));
    }
}
