package dev.runtimebridge.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;

/** {@code launch}. */
@Command(
        name = "launch",
        mixinStandardHelpOptions = true,
        description = {
            "Starts a container for a user, or finds the one there is, and waits until it can be"
                    + " used.",
            "In a pipe the output is one line, its address; the steps go to the error stream."
        })
final class LaunchCommand implements Callable<Integer> {
    private final Session session;

    @Mixin private Connection connection = new Connection();

    @Option(
            names = "--image",
            defaultValue = "python",
            paramLabel = "IMAGE",
            description =
                    "An id, a language or a name, or its beginning (default ${DEFAULT-VALUE}).")
    private String image = "";

    @Option(
            names = "--slot",
            defaultValue = "",
            paramLabel = "SLOT",
            description = "Tells several containers of one image apart.")
    private String slot = "";

    @Option(
            names = "--wait",
            defaultValue = "120s",
            paramLabel = "TIME",
            converter = Lifetimes.class,
            description = "How long to wait (default ${DEFAULT-VALUE}).")
    private Duration patience = Duration.ZERO;

    @Option(names = "--json", description = "Print the container as one line of JSON.")
    private boolean json;

    LaunchCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (var bridge = session.open(connection)) {
            var wanted = new ImageChoice(bridge.images()).named(image);
            var container = session.launch(bridge, wanted.id(), slot, patience);
            show(container, wanted);
        }
        return ExitStatus.DONE.code();
    }

    private void show(Wire.Container container, Wire.Image wanted) {
        var around = session.surroundings();
        var ssh =
                "./bridge ssh"
                        + connection.again()
                        + " --image "
                        + wanted.id()
                        + (slot.isEmpty() ? "" : " --slot " + slot);
        if (json) {
            var shown = new LinkedHashMap<String, Object>();
            shown.put("id", container.id());
            shown.put("image_id", container.imageId());
            shown.put("slot", container.slot());
            shown.put("address", container.address());
            shown.put("ssh", ssh);
            around.out().println(BridgeCalls.text(shown));
        } else if (around.terminal()) {
            around.out().println();
            around.out()
                    .println(
                            around.style().bold(wanted.name()) + " runs at " + container.address());
            around.out().println("a shell in it:  " + ssh);
        } else {
            around.out().println(container.address());
        }
    }
}
