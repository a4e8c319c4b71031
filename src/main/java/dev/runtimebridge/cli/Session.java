package dev.runtimebridge.cli;

import java.time.Duration;
import java.util.Set;

/** What every client command works with. */
record Session(Operations operations, LastUp lastUp, Surroundings surroundings) {
    /** The role of administrators where keys are made for development. */
    private static final String ADMINISTRATOR = "admin";

    BridgeClient open(Connection connection) {
        return connection.open(operations, lastUp, surroundings, Set.of());
    }

    /** For what only administrators may. */
    BridgeClient openAsAdministrator(Connection connection) {
        return connection.open(operations, lastUp, surroundings, Set.of(ADMINISTRATOR));
    }

    /**
     * Launches a container, or joins the launch of the one there is, and waits until it can be
     * used, showing each step on the error stream.
     *
     * @throws CommandFailed when it does not come up, or not within {@code patience}
     */
    Wire.Container launch(BridgeClient bridge, long imageId, String slot, Duration patience) {
        var asked = bridge.launch(imageId, slot);
        if (asked.ending()) {
            new Story(bridge, asked.id())
                    .until(step -> step.phase().equals("ended"), patience, step -> {});
            asked = bridge.launch(imageId, slot);
        }
        if (asked.active()) {
            return asked;
        }
        try (var progress = new Progress(surroundings.err(), surroundings.style())) {
            new Story(bridge, asked.id())
                    .until(step -> step.phase().equals("active"), patience, progress::step);
        }
        var container = bridge.container(asked.id());
        if (!container.active()) {
            var reason = container.endReason();
            throw new CommandFailed(
                    ExitStatus.FAILED,
                    "the container did not come up: "
                            + (reason == null ? "it is " + container.state() : reason.detail()));
        }
        return container;
    }
}
