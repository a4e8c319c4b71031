package dev.runtimebridge.cli;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Shows images of the catalogue as administrators see them. */
final class ImageView {
    private static final Table TABLE =
            new Table(
                    "ID",
                    "NAME",
                    "LANGUAGE",
                    "REVISION",
                    "CPU",
                    "MEMORY",
                    "ARCHITECTURE",
                    "USD/HOUR",
                    "STATE",
                    "RUNS");

    private final Surroundings around;
    private final boolean json;

    ImageView(Surroundings around, boolean json) {
        this.around = around;
        this.json = json;
    }

    void all(List<Wire.CatalogImage> images) {
        if (json) {
            images.forEach(image -> around.out().println(BridgeCalls.text(image)));
        } else if (around.terminal()) {
            around.out().print(TABLE.text(images.stream().map(ImageView::forPeople).toList()));
        } else {
            around.out().print(Table.lines(images.stream().map(ImageView::forPrograms).toList()));
        }
        around.out().flush();
    }

    /** One that was just changed; {@code news} says so to people. */
    void changed(Wire.CatalogImage image, String news) {
        if (json || !around.terminal()) {
            all(List.of(image));
        } else {
            around.out().println(news);
        }
    }

    private static List<String> forPeople(Wire.CatalogImage image) {
        return List.of(
                Long.toString(image.id()),
                image.name(),
                image.language(),
                Integer.toString(image.revision()),
                BigDecimal.valueOf(image.cpuMillis(), 3).stripTrailingZeros().toPlainString(),
                image.memoryMib() + " MiB",
                image.architecture(),
                image.priceUsdPerHour().equals("0") ? "" : image.priceUsdPerHour(),
                image.state(),
                runs(image));
    }

    private static List<String> forPrograms(Wire.CatalogImage image) {
        return List.of(
                Long.toString(image.id()),
                image.name(),
                image.language(),
                Integer.toString(image.revision()),
                Integer.toString(image.cpuMillis()),
                Integer.toString(image.memoryMib()),
                image.architecture(),
                image.priceUsdPerHour(),
                image.state(),
                image.localCommand(),
                image.containerImage(),
                image.taskDefinition(),
                Long.toString(image.version()));
    }

    private static String runs(Wire.CatalogImage image) {
        return Stream.of(image.localCommand(), image.containerImage(), image.taskDefinition())
                .filter(each -> !each.isEmpty())
                .collect(Collectors.joining(", "));
    }
}
