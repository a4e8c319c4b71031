package dev.runtimebridge.provider;

/** Why a container did not come up or went away: a kind for machines, one sentence for people. */
public record Cause(Kind kind, String detail) {
    private static final int LONGEST_DETAIL = 500;

    /** The kinds, and whether starting another container can help. */
    public enum Kind {
        /** The provider has no room at the moment. */
        CAPACITY(true),
        /** The provider, its network or its disks failed. */
        INFRASTRUCTURE(true),
        /** What the image names cannot be started. */
        IMAGE(false),
        /** A setting is wrong. */
        CONFIGURATION(false),
        /** It used more memory than it may. */
        OUT_OF_MEMORY(true),
        /** It ended by itself. */
        EXITED(true),
        /** It was not up in time. */
        TIMED_OUT(true),
        /** Its agent could not be initialised. */
        AGENT(true),
        /** It is no longer there, and nobody knows why. */
        LOST(true),
        /** We stopped it. */
        STOPPED(true);

        private final boolean anotherMayHelp;

        Kind(boolean anotherMayHelp) {
            this.anotherMayHelp = anotherMayHelp;
        }

        public boolean anotherMayHelp() {
            return anotherMayHelp;
        }
    }

    public Cause {
        if (detail.length() > LONGEST_DETAIL) {
            detail = detail.substring(0, LONGEST_DETAIL);
        }
    }
}
