package dev.runtimeagent;

import dev.runtimeagent.bridge.HttpBridge;
import dev.runtimeagent.config.AgentSettings;
import dev.runtimeagent.config.NetworkKind;
import dev.runtimeagent.forward.ForwardConnections;
import dev.runtimeagent.forward.Forwarding;
import dev.runtimeagent.forward.Guests;
import dev.runtimeagent.forward.ListeningPrograms;
import dev.runtimeagent.http.AgentHttp;
import dev.runtimeagent.http.ListeningPort;
import dev.runtimeagent.http.Routes;
import dev.runtimeagent.init.BridgeProof;
import dev.runtimeagent.init.IdentityFile;
import dev.runtimeagent.init.Initialisation;
import dev.runtimeagent.limits.LimitWatch;
import dev.runtimeagent.outbound.BoundedHttp;
import dev.runtimeagent.run.ProjectSource;
import dev.runtimeagent.ssh.SshServer;
import dev.runtimeagent.terminal.TerminalServer;

import org.eclipse.jetty.server.ConnectionFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * One agent, from settings to a server that answers. Everything slow is over before it answers its
 * first ping.
 */
final class Agent implements AutoCloseable {
    private final ListeningPort port;
    private final Initialisation initialisation;
    private final SshServer ssh;
    private final BridgeProof proof;
    private final HttpBridge bridge;
    private final BoundedHttp outbound;
    private final TerminalServer terminal;
    private final AgentHttp http;
    private final Optional<LimitWatch> limits;

    /**
     * Takes the port and tells the bridge, whose first request then is under way while everything
     * is set up here, and waits for {@link #start}.
     *
     * @throws UncheckedIOException when the port is in use, a folder cannot be made or the kept
     *     identity cannot be read
     */
    Agent(AgentSettings settings, Function<AgentSettings, SshServer> sshServer) {
        makeFolder(settings.home(), "rwxr-x---");
        makeFolder(settings.workspace(), "rwxr-xr-x");
        makeFolder(settings.state(), "rwx------");
        initialisation =
                Initialisation.resume(
                        new IdentityFile(settings.state()), settings.user(), new SecureRandom());
        port = ListeningPort.take(settings);
        bridge =
                new HttpBridge(
                        settings,
                        initialisation::apiKey,
                        new BoundedHttp(settings.address(), settings.bridgeUrl().getScheme()));
        bridge.ready();
        ssh = sshServer.apply(settings);
        proof = new BridgeProof(settings.bridgeKey(), settings.container(), Clock.systemUTC());
        outbound =
                new BoundedHttp(
                        InetAddress.ofLiteral("0.0.0.0"), "https"); // a source may be anywhere
        var source = new ProjectSource(outbound);
        var routes = new Routes(settings, proof, initialisation, ssh, bridge, source);
        terminal = new TerminalServer(bridge, settings.allowedOrigins(), ssh::hostKey);
        http = new AgentHttp(settings, port, routes, terminal::install, before(settings));
        limits = settings.cgroup().map(cgroup -> new LimitWatch(cgroup, bridge::reached));
    }

    private UnaryOperator<ConnectionFactory> before(AgentSettings settings) {
        return switch (settings.network()) {
            case UNKNOWN -> UnaryOperator.identity();
            case OWN, SHARED -> {
                var servers =
                        new ListeningPrograms(
                                Path.of("/proc"),
                                settings.address(),
                                settings.network() == NetworkKind.SHARED);
                var guests =
                        new Guests(
                                bridge::validShares,
                                Guests.LOOK_EVERY,
                                Guests.LONGEST_WITHOUT_ANSWER);
                var forwarding = new Forwarding(proof::passage, servers, guests);
                yield http -> new ForwardConnections(forwarding, http);
            }
        };
    }

    private static void makeFolder(Path folder, String permissions) {
        try {
            var attribute =
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(permissions));
            Files.createDirectories(folder, attribute);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the folder " + folder + " cannot be made: " + e.getMessage(), e);
        }
    }

    /** Starts the SSH server, warms up and answers. */
    void start() {
        ssh.start(initialisation.login());
        proof.warmUp();
        http.start();
    }

    int port() {
        return port.number();
    }

    /** Returns once nobody needs this container any more. */
    void awaitFarewell() {
        new Farewell(bridge).await();
    }

    @Override
    public void close() {
        limits.ifPresent(LimitWatch::close);
        terminal.close();
        http.close();
        ssh.close();
        bridge.close();
        outbound.close();
    }
}
