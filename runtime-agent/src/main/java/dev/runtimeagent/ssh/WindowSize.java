package dev.runtimeagent.ssh;

import java.util.Map;

/** A terminal's size in characters. */
record WindowSize(int columns, int rows) {
    private static final WindowSize USUAL = new WindowSize(80, 24);
    private static final int LIMIT = 0xFFFF;

    WindowSize {
        if (columns < 1 || rows < 1 || columns > LIMIT || rows > LIMIT) {
            throw new IllegalArgumentException(
                    "window size " + columns + "x" + rows + " is not in 1.." + LIMIT);
        }
    }

    /** What the client said; a client without a terminal says 0x0 and gets the usual 80x24. */
    static WindowSize requested(Map<String, String> environment) {
        return new WindowSize(
                side(environment.get("COLUMNS"), USUAL.columns),
                side(environment.get("LINES"), USUAL.rows));
    }

    private static int side(@org.jspecify.annotations.Nullable String value, int usual) {
        try {
            var side = value == null ? 0 : Integer.parseInt(value);
            return side < 1 || side > LIMIT ? usual : side;
        } catch (NumberFormatException e) {
            return usual;
        }
    }
}
