package dev.runtimebridge.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes {@code .env.example}: every key with its meaning and default. */
final class EnvExample {
    private static final int WIDTH = 100;

    private EnvExample() {}

    static String text() {
        return """
        # Settings of the bridge. The environment and a file .env in the working directory hold them; the
        # environment wins. What is commented out shows the default, or nothing where there is none.
        # Durations are written as 500ms, 30s, 2m, 1h or PT30S.

        """
                + Keys.byHeading().entrySet().stream()
                        .map(e -> section(e.getKey(), e.getValue()))
                        .collect(Collectors.joining("\n"));
    }

    private static String section(String heading, List<Key<?>> keys) {
        return "# --- "
                + heading
                + " ---\n\n"
                + keys.stream().map(EnvExample::entry).collect(Collectors.joining("\n"));
    }

    private static String entry(Key<?> key) {
        return wrapped(key.meaning()).stream()
                        .map(line -> "# " + line + "\n")
                        .collect(Collectors.joining())
                + "#"
                + key.name()
                + "="
                + key.fallback().orElse("")
                + "\n";
    }

    private static List<String> wrapped(String text) {
        var lines = new ArrayList<String>();
        var line = new StringBuilder();
        for (var word : text.split(" ", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > WIDTH - 2) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
