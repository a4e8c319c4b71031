package dev.runtimebridge.cli;

import java.util.Map;

/**
 * How output may look.
 *
 * @param moving whether a line may be drawn over
 * @param columns width of a line, at least 20
 */
record Style(boolean moving, boolean coloured, int columns) {
    private static final int USUAL = 80;
    private static final int LEAST = 20;

    Style {
        columns = Math.max(LEAST, columns);
    }

    /** For a terminal, or else for a file or another program; heeds NO_COLOR and TERM=dumb. */
    static Style of(boolean terminal, Map<String, String> environment) {
        var capable = terminal && !environment.getOrDefault("TERM", "dumb").equals("dumb");
        var noColour = !environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new Style(capable, capable && !noColour, columns(environment));
    }

    String bold(String text) {
        return coloured ? "\033[1m" + text + "\033[0m" : text;
    }

    private static int columns(Map<String, String> environment) {
        var columns = environment.getOrDefault("COLUMNS", "");
        return columns.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(columns) : USUAL;
    }
}
