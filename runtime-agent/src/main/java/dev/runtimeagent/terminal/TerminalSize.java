package dev.runtimeagent.terminal;

/** A terminal's size in characters. */
record TerminalSize(int columns, int rows) {
    static final TerminalSize USUAL = new TerminalSize(80, 24);
    private static final int LIMIT = 10_000;

    TerminalSize {
        if (columns < 1 || rows < 1 || columns > LIMIT || rows > LIMIT) {
            throw new IllegalArgumentException(
                    "cols and rows must be in 1.." + LIMIT + ", not " + columns + " and " + rows);
        }
    }
}
