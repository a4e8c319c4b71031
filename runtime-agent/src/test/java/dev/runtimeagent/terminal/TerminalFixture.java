package dev.runtimeagent.terminal;

import dev.runtimeagent.bridge.Authorization;
import dev.runtimeagent.bridge.Bridge;
import dev.runtimeagent.bridge.SshAccess;
import dev.runtimeagent.config.AllowedOrigins;
import dev.runtimeagent.http.AgentHttp;
import dev.runtimeagent.http.ListeningPort;
import dev.runtimeagent.http.Routes;
import dev.runtimeagent.secret.Secret;
import dev.runtimeagent.ssh.SshFixture;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A real terminal on a real HTTP port, with a real SSH server behind it. */
public final class TerminalFixture implements AutoCloseable {
    public static final String ORIGIN = "https://ide.example.org";
    public static final String TOKEN = "the owner's token";

    public final SshFixture ssh;
    private final TerminalServer terminal;
    private final ListeningPort port;
    private final AgentHttp http;
    private final List<NodeClient> clients = new ArrayList<>();
    volatile SshAccess access;

    public TerminalFixture(Path folder) {
        this(folder, TerminalLimits.USUAL);
    }

    TerminalFixture(Path folder, TerminalLimits limits) {
        ssh = new SshFixture(folder);
        access =
                new SshAccess.Granted(
                        "127.0.0.1",
                        ssh.server.port(),
                        SshFixture.USER,
                        new Secret(SshFixture.PASSWORD),
                        ssh.server.hostKey());
        terminal =
                new TerminalServer(
                        new OneOwner(),
                        new AllowedOrigins(Set.of(ORIGIN)),
                        ssh.server::hostKey,
                        limits);
        port = ListeningPort.take(ssh.settings);
        http =
                new AgentHttp(
                        ssh.settings, port, new Routes(List.of()), terminal::install, http -> http);
        http.start();
    }

    public int port() {
        return port.number();
    }

    public NodeClient client() {
        return client("websocket");
    }

    NodeClient client(String transports) {
        return client(transports, Map.of());
    }

    NodeClient client(String transports, Map<String, String> headers) {
        var client = new NodeClient(port(), transports, headers);
        clients.add(client);
        return client;
    }

    @Override
    public void close() {
        clients.forEach(NodeClient::close);
        terminal.close();
        http.close();
        ssh.close();
    }

    private final class OneOwner implements Bridge {
        @Override
        public SshAccess info() {
            return access;
        }

        @Override
        public Authorization authorize(String token) {
            return switch (token) {
                case TOKEN -> new Authorization.Owner("7");
                case "a stranger's token" -> new Authorization.Stranger("8");
                default -> new Authorization.Refused("the token does not verify");
            };
        }

        @Override
        public Optional<Set<String>> validShares() {
            return Optional.empty();
        }

        @Override
        public void ready() {}

        @Override
        public boolean keyAccepted() {
            return access instanceof SshAccess.Granted;
        }
    }
}
