package dev.runtimeagent.config;

/** Whose network the container is in, {@code AGENT_NETWORK}. */
public enum NetworkKind {
    /** Its own: what listens there is its user's. */
    OWN,
    /** Shared with others, but of processes it sees its own only: they show what is its user's. */
    SHARED,
    /** Shared, and so are processes: what listens where is nobody's, and nothing is forwarded. */
    UNKNOWN
}
