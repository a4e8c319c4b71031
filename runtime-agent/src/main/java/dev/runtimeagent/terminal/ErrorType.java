package dev.runtimeagent.terminal;

/** The types of {@code ERROR} that clients know. */
enum ErrorType {
    /** Who is asking is not known, or must not. */
    AUTH("auth"),
    /** No such event. */
    UNKNOWN("unknown"),
    /** The event lacks a field. */
    MISSING_FIELD("missing field"),
    /** Something else: a field of the wrong kind, a bridge that does not answer. */
    COMMON("common"),
    /** The shell cannot be had, or there is none. */
    SSH("ssh"),
    /** The bridge has not initialised this agent. */
    INIT_NEEDED("Init Needed");

    private final String wire;

    ErrorType(String wire) {
        this.wire = wire;
    }

    /** As written to the client. */
    String wire() {
        return wire;
    }
}
