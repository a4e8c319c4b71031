package dev.runtimebridge.cli;

/**
 * What {@code doctor} found about one thing that launches depend on.
 *
 * @param check what was looked at
 * @param detail what was found, one sentence
 * @param hint what to do; empty where there is nothing to do
 */
public record CheckResult(String check, State state, String detail, String hint) {

    /** How it stands. */
    public enum State {
        OK,
        /** Worth knowing, or not to be found out. */
        NOTE,
        /** Has to be mended. */
        WRONG
    }
}
