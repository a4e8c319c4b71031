package dev.runtimebridge.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** {@code stop}. */
@Command(
        name = "stop",
        mixinStandardHelpOptions = true,
        description = {
            "Stops a user's container and waits for its end; the only one, unless told which.",
            "The workspace's files are kept for the next launch."
        })
final class StopCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private final Session session;

    @Mixin private Connection connection = new Connection();

    @ArgGroup private @Nullable Which which;

    /** At most one of these. */
    static final class Which {
        @Option(names = "--id", paramLabel = "ID", description = "The container with this id.")
        private @Nullable String id;

        @Option(
                names = "--image",
                paramLabel = "IMAGE",
                description = "Those of this image: an id, a language or a name.")
        private @Nullable String image;

        @Option(names = "--all", description = "All of the user's containers.")
        private boolean all;
    }

    StopCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (var bridge = session.open(connection)) {
            var chosen = chosen(bridge);
            chosen.forEach(container -> bridge.stop(container.id()));
            for (var container : chosen) {
                if (!bridge.container(container.id()).ended()) {
                    new Story(bridge, container.id()).until(Wire.Step::last, PATIENCE, step -> {});
                }
                session.surroundings().out().println("stopped " + container.id());
            }
        }
        return ExitStatus.DONE.code();
    }

    private List<Wire.Container> chosen(BridgeClient bridge) {
        var containers = bridge.containers();
        var of = which;
        if (of != null && of.id != null) {
            return List.of(bridge.container(of.id));
        }
        if (of != null && of.all) {
            return containers;
        }
        if (of != null && of.image != null) {
            var image = new ImageChoice(bridge.images()).named(of.image);
            var matching = containers.stream().filter(c -> c.imageId() == image.id()).toList();
            if (matching.isEmpty()) {
                throw none(" of " + image.name());
            }
            return matching;
        }
        if (containers.isEmpty()) {
            throw none("");
        }
        if (containers.size() > 1) {
            throw new CommandFailed(
                    ExitStatus.MISUSED,
                    "which? name --id, --image or --all: "
                            + containers.stream()
                                    .map(Wire.Container::id)
                                    .collect(Collectors.joining(", ")));
        }
        return containers;
    }

    private CommandFailed none(String ofWhat) {
        return new CommandFailed(
                ExitStatus.FAILED, "user " + connection.user() + " has no container" + ofWhat);
    }
}
