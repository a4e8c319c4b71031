package dev.runtimebridge.launch;

/** A limit that a container ran into and lives on. */
public enum ReachedLimit {
    MEMORY(
            "memory ran out, and a program was ended for it",
            "use less, or have the image's memory raised"),
    PROCESSES(
            "no further process could be started, there were too many",
            "end some: what goes on in the background counts, too");

    private final String what;
    private final String hint;

    ReachedLimit(String what, String hint) {
        this.what = what;
        this.hint = hint;
    }

    /** For the owner: what happened, and what to do. */
    String text(int times) {
        return what + (times > 1 ? " (" + times + " times)" : "") + "; " + hint;
    }
}
