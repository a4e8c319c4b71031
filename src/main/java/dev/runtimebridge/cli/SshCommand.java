package dev.runtimebridge.cli;

import dev.runtimebridge.secret.Secret;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code ssh}. */
@Command(
        name = "ssh",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "",
        description = {
            "Opens a shell in a user's container, launching it first if there is none; with a"
                    + " command, runs that there.",
            "Asks for no password: the bridge tells it, and the server's key too.",
            "The exit status is the shell's or the command's; 255 when no session came about."
        })
final class SshCommand implements Callable<Integer> {
    private static final String USUAL_IMAGE = "python";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private final Session session;

    @Mixin private Connection connection = new Connection();

    @Option(
            names = "--image",
            paramLabel = "IMAGE",
            description =
                    "An id, a language or a name (default: of the user's only container, else "
                            + USUAL_IMAGE
                            + ").")
    private @Nullable String image;

    @Option(
            names = "--slot",
            paramLabel = "SLOT",
            description = "Tells several containers of one image apart.")
    private @Nullable String slot;

    @Option(
            names = "--gateway",
            description =
                    "Open the shell through the bridge's gateway at once, as is done where nothing"
                            + " else leads to the container.")
    private boolean gateway;

    @Parameters(
            paramLabel = "COMMAND",
            description = "After --: what to run, as the container's shell reads it.")
    private List<String> command = List.of();

    SshCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Wire.Container container;
        Wire.Login login;
        Secret token;
        try (var bridge = session.open(connection)) {
            container = container(bridge);
            container.warning().ifPresent(this::say);
            login = bridge.login(container.id());
            token = bridge.token();
        }
        if (gateway) {
            return throughGateway(container, token);
        }
        try {
            return new SshSession(login, session.surroundings()).run(String.join(" ", command));
        } catch (SshSession.OutOfReach e) {
            if (container.proxyUrl() == null || !command.isEmpty()) {
                throw e;
            }
            say(login.host() + " cannot be reached from here: the shell comes by the gateway");
            return throughGateway(container, token);
        }
    }

    private int throughGateway(Wire.Container container, Secret token) {
        if (!command.isEmpty()) {
            throw new CommandFailed(
                    ExitStatus.MISUSED, "the gateway carries a shell, not a single command");
        }
        var agent = container.proxyUrl();
        if (agent == null) {
            throw new CommandFailed(ExitStatus.NO_SESSION, "this bridge has no gateway");
        }
        return new GatewayShell(agent, token, session.surroundings()).run();
    }

    private void say(String line) {
        session.surroundings().err().println("bridge: " + line);
    }

    private Wire.Container container(BridgeClient bridge) {
        if (image == null && slot == null) {
            var live = bridge.containers();
            if (live.size() == 1) {
                var only = live.getFirst();
                return only.active()
                        ? only
                        : session.launch(bridge, only.imageId(), only.slot(), PATIENCE);
            }
        }
        var wanted = new ImageChoice(bridge.images()).named(image == null ? USUAL_IMAGE : image);
        return session.launch(bridge, wanted.id(), slot == null ? "" : slot, PATIENCE);
    }
}
