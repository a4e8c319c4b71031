package dev.runtimebridge.http;

import java.util.List;

/** Whether the bridge can serve, check by check. Safe for many threads. */
@FunctionalInterface
public interface Readiness {
    /** Looks now; must answer within a second or two, whatever is broken. */
    List<Check> checks();

    /**
     * One thing that must be well.
     *
     * @param name {@code database}
     * @param vital whether nobody can be served without it
     * @param why one sentence for an operator; empty when ready
     */
    record Check(String name, boolean ready, boolean vital, String why) {
        public static Check ready(String name) {
            return new Check(name, true, true, "");
        }

        public static Check notReady(String name, String why) {
            return new Check(name, false, true, why);
        }

        /** Some of what is asked of the bridge fails, and most does not. */
        public static Check impaired(String name, String why) {
            return new Check(name, false, false, why);
        }
    }
}
