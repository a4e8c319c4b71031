package dev.runtimebridge.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;
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
                containers.forEach(each -> around.out().println(BridgeClient.text(each)));
            } else if (containers.isEmpty() && around.terminal()) {
                around.out()
                        .println(
                                "user "
                                        + connection.user()
                                        + " has no containers: ./bridge launch starts one");
            } else {
                var images = new ImageChoice(bridge.images());
                var rows = containers.stream().map(each -> row(each, images)).toList();
                around.out().print(around.terminal() ? table(rows) : lines(rows));
            }
            around.out().flush();
        }
        return ExitStatus.DONE.code();
    }

    private List<String> row(Wire.Container container, ImageChoice images) {
        var age = Duration.between(container.createdAt(), session.surroundings().clock().instant());
        return List.of(
                container.id(),
                images.nameOf(container.imageId()),
                container.slot(),
                container.state(),
                Long.toString(Math.max(0, age.toSeconds())),
                container.address());
    }

    private static String lines(List<List<String>> rows) {
        var text = new StringBuilder();
        rows.forEach(row -> text.append(String.join("\t", row)).append('\n'));
        return text.toString();
    }

    private static String table(List<List<String>> rows) {
        var header = List.of("ID", "IMAGE", "SLOT", "STATE", "AGE", "ADDRESS");
        var columns = new Column[header.size()];
        for (int i = 0; i < columns.length; i++) {
            int at = i;
            int widest = rows.stream().mapToInt(row -> shown(row, at).length()).max().orElse(0);
            columns[i] =
                    new Column(
                            Math.max(widest, header.get(i).length()) + 2, 0, Column.Overflow.SPAN);
        }
        var table = TextTable.forColumns(new ColorScheme.Builder(Ansi.OFF).build(), columns);
        table.addRowValues(header.toArray(String[]::new));
        for (var row : rows) {
            var cells = new String[columns.length];
            for (int i = 0; i < cells.length; i++) {
                cells[i] = shown(row, i);
            }
            table.addRowValues(cells);
        }
        return table.toString();
    }

    private static String shown(List<String> row, int column) {
        return column == 4 ? age(Long.parseLong(row.get(column))) : row.get(column);
    }

    private static String age(long seconds) {
        if (seconds < 120) {
            return seconds + " s";
        }
        return seconds < 7200 ? seconds / 60 + " min" : seconds / 3600 + " h";
    }
}
