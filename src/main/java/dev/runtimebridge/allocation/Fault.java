package dev.runtimebridge.allocation;

/**
 * What went wrong, for those who have to act on it.
 *
 * @param kind for machines: one lower-case word, or several joined by underscores
 * @param owner who can mend it
 * @param hint what to do, one sentence for people; empty where nothing can be done
 */
public record Fault(String kind, Owner owner, String hint) {
    private static final int LONGEST_HINT = 500;

    /** Who can mend a fault. */
    public enum Owner {
        /** Whoever asked for the container. */
        USER,
        /** Whoever runs the bridge. */
        ADMIN,
        /** Whoever runs the machines: AWS, say. */
        PROVIDER
    }

    public Fault {
        if (hint.length() > LONGEST_HINT) {
            hint = hint.substring(0, LONGEST_HINT);
        }
    }
}
