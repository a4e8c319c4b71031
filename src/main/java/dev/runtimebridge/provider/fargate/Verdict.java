package dev.runtimebridge.provider.fargate;

import dev.runtimebridge.provider.Cause;

/** What a failed call to AWS means. */
record Verdict(Nature nature, Cause cause) {

    /** What can be done about it by those who called. */
    enum Nature {
        /** Asked too fast: again, later, and more slowly. */
        THROTTLED,
        /** AWS was not there, or not well: again. */
        PASSING,
        /** AWS does not know us or does not let us: no use in asking often. */
        REFUSED,
        /** This request is wrong and stays so. */
        WRONG
    }

    boolean repeatable() {
        return nature == Nature.THROTTLED || nature == Nature.PASSING;
    }
}
