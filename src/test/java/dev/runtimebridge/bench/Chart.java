package dev.runtimebridge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** How many of something there were by when, drawn as SVG, for light and dark pages. */
record Chart(String title, String across, String up, List<Series> series) {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 420;
    private static final int LEFT = 70;
    private static final int RIGHT = 20;
    private static final int TOP = 48;
    private static final int BOTTOM = 96;
    private static final int TICKS = 5;
    private static final int MOST_POINTS = 500;

    /**
     * @param times in seconds, sorted: the nth is when there were n
     */
    record Series(String name, List<Double> times) {}

    /** Writes it; returns the file. */
    Path write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        return Files.writeString(file, svg());
    }

    private String svg() {
        double most = drawn().stream().mapToInt(s -> s.times.size()).max().orElse(1);
        double longest =
                drawn().stream().mapToDouble(s -> s.times.getLast()).max().orElse(1) * 1.02;
        var svg = new StringBuilder();
        add(
                svg,
                """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="system-ui, sans-serif" font-size="13">
                <style>
                  svg { background: #fff; color: #222; }
                  text { fill: currentColor; } .grid { stroke: #8884; } .line { fill: none; stroke-width: 2; }
                  .s0 { stroke: #888; stroke-dasharray: 6 4; } .s1 { stroke: #0969da; } .s2 { stroke: #1a7f37; } .s3 { stroke: #cf222e; }
                  @media (prefers-color-scheme: dark) {
                    svg { background: #0d1117; color: #e6edf3; }
                    .s1 { stroke: #58a6ff; } .s2 { stroke: #3fb950; } .s3 { stroke: #ff7b72; }
                  }
                </style>
                <text x="%d" y="28" font-size="16">%s</text>
                """,
                WIDTH,
                HEIGHT,
                LEFT,
                title);
        for (int tick = 0; tick <= TICKS; tick++) {
            double share = tick / (double) TICKS;
            double x = x(share * longest, longest);
            double y = y(share * most, most);
            add(
                    svg,
                    """
                    <path class="grid" d="M%.1f %d V%d M%d %.1f H%d"/>
                    <text x="%.1f" y="%d" text-anchor="middle">%.0f</text>
                    <text x="%d" y="%.1f" text-anchor="end">%.0f</text>
                    """,
                    x,
                    TOP,
                    HEIGHT - BOTTOM,
                    LEFT,
                    y,
                    WIDTH - RIGHT,
                    x,
                    HEIGHT - BOTTOM + 18,
                    share * longest,
                    LEFT - 8,
                    y + 4,
                    share * most);
        }
        add(
                svg,
                """
                <text x="%d" y="%d" text-anchor="middle">%s</text>
                <text transform="translate(18 %d) rotate(-90)" text-anchor="middle">%s</text>
                """,
                (WIDTH + LEFT - RIGHT) / 2,
                HEIGHT - BOTTOM + 40,
                across,
                (HEIGHT + TOP - BOTTOM) / 2,
                up);
        for (int i = 0; i < series.size(); i++) {
            int legend = LEFT + i * (WIDTH - LEFT) / series.size();
            var one = series.get(i);
            add(
                    svg,
                    """
                    <path class="line s%d" d="M%d %d h22"/><text x="%d" y="%d">%s</text>
                    """,
                    i,
                    legend,
                    HEIGHT - 22,
                    legend + 28,
                    HEIGHT - 18,
                    one.name + (one.times.isEmpty() ? ": none" : ""));
            if (!one.times.isEmpty()) {
                add(svg, "<path class=\"line s%d\" d=\"%s\"/>\n", i, line(one, most, longest));
            }
        }
        return svg.append("</svg>\n").toString();
    }

    private List<Series> drawn() {
        return series.stream().filter(s -> !s.times.isEmpty()).toList();
    }

    private static String line(Series series, double most, double longest) {
        var path = new StringBuilder();
        int size = series.times.size();
        int every = Math.max(1, size / MOST_POINTS);
        add(path, "M%.1f %.1f", x(series.times.getFirst(), longest), y(0, most));
        for (int n = 1; n <= size; n++) {
            if (n % every == 0 || n == size) {
                add(path, " L%.1f %.1f", x(series.times.get(n - 1), longest), y(n, most));
            }
        }
        return path.toString();
    }

    private static double x(double seconds, double longest) {
        return LEFT + seconds / longest * (WIDTH - LEFT - RIGHT);
    }

    private static double y(double count, double most) {
        return HEIGHT - BOTTOM - count / most * (HEIGHT - TOP - BOTTOM);
    }

    private static void add(StringBuilder to, String format, Object... values) {
        to.append(String.format(Locale.ROOT, format, values));
    }
}
