package dev.runtimebridge.bench;

import java.util.regex.Pattern;

/**
 * What a figure must reach: {@code <= 25}, {@code >= 5000}, or against what stands beside it,
 * {@code <= 1.25x}, {@code <= 1x + 1}.
 *
 * @param factor of what stands beside; 0 where the mark is a figure alone
 */
record Mark(boolean atMost, double factor, double constant) {
    private static final String NUMBER = "([0-9]+(?:\\.[0-9]+)?)";
    private static final Pattern FIGURE = Pattern.compile("(<=|>=) " + NUMBER);
    private static final Pattern RELATIVE =
            Pattern.compile("(<=|>=) " + NUMBER + "x(?: \\+ " + NUMBER + ")?");

    static Mark of(String text) {
        var figure = FIGURE.matcher(text);
        if (figure.matches()) {
            return new Mark(figure.group(1).equals("<="), 0, Double.parseDouble(figure.group(2)));
        }
        var relative = RELATIVE.matcher(text);
        if (relative.matches()) {
            var more = relative.group(3);
            return new Mark(
                    relative.group(1).equals("<="),
                    Double.parseDouble(relative.group(2)),
                    more == null ? 0 : Double.parseDouble(more));
        }
        throw new IllegalArgumentException(
                "'" + text + "' is not a mark such as '<= 25' or '>= 0.8x'");
    }

    void requires(Double beside) {
        if (factor > 0 && beside == null) {
            throw new IllegalArgumentException("a mark with x needs a figure beside");
        }
    }

    /** How far above its mark a figure is; below zero when below. */
    double margin(double ours, Double beside) {
        return ours - constant - (factor > 0 ? factor * beside : 0);
    }

    boolean met(double margin) {
        return atMost ? margin <= 0 : margin >= 0;
    }
}
