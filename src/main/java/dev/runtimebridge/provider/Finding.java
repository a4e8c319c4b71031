package dev.runtimebridge.provider;

/**
 * What a look at one of the things that launches depend on has found.
 *
 * @param check what was looked at, a few words: {@code subnet subnet-0a1b2c3d}
 * @param detail what was found, one sentence
 * @param hint what to do, one sentence; empty where there is nothing to do
 */
public record Finding(String check, State state, String detail, String hint) {

    /** How it stands. */
    public enum State {
        OK,
        /** Worth knowing, or not to be found out; launches need not fail for it. */
        NOTE,
        /** Has to be mended. */
        WRONG
    }

    public static Finding ok(String check, String detail) {
        return new Finding(check, State.OK, detail, "");
    }

    public static Finding note(String check, String detail, String hint) {
        return new Finding(check, State.NOTE, detail, hint);
    }

    public static Finding wrong(String check, String detail, String hint) {
        return new Finding(check, State.WRONG, detail, hint);
    }
}
