package dev.runtimebridge.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code ps}. */
@Command(
        name = "ps",
        mixinStandardHelpOptions = true,
        description = {
            "Lists a user's containers.",
            "In a pipe: one line each, tabs between id, image, slot, state, age in seconds and"
                    + " address."
        })
final class PsCommand implements Callable<Integer> {
    private static final Table TABLE = new Table("ID", "IMAGE", "SLOT", "STATE", "AGE", "ADDRESS");

    private final Session session;

    @Mixin private Connection connection = new Connection();

    @Option(names = "--json", description = "Print each container as one line of JSON.")
    private boolean json;

    PsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (var bridge = session.open(connection)) {
            var containers = bridge.containers();
            var around = session.surroundings();
            if (json) {
                containers.forEach(each -> around.out().println(BridgeCalls.text(each)));
            } else if (containers.isEmpty() && around.terminal()) {
                around.out()
                        .println(
                                "user "
                                        + connection.user()
                                        + " has no containers: ./bridge launch starts one");
            } else {
                var images = new ImageChoice(bridge.images());
                var rows = containers.stream().map(each -> row(each, images)).toList();
                around.out().print(around.terminal() ? TABLE.text(rows) : Table.lines(rows));
                if (around.terminal()) {
                    containers.forEach(each -> each.warning().ifPresent(around.out()::println));
                }
            }
            around.out().flush();
        }
        return ExitStatus.DONE.code();
    }

    private List<String> row(Wire.Container container, ImageChoice images) {
        var around = session.surroundings();
        long seconds =
                Math.max(
                        0,
                        Duration.between(container.createdAt(), around.clock().instant())
                                .toSeconds());
        return List.of(
                container.id(),
                images.nameOf(container.imageId()),
                container.slot(),
                container.state(),
                around.terminal() ? age(seconds) : Long.toString(seconds),
                container.address());
    }

    private static String age(long seconds) {
        if (seconds < 120) {
            return seconds + " s";
        }
        return seconds < 7200 ? seconds / 60 + " min" : seconds / 3600 + " h";
    }
}
