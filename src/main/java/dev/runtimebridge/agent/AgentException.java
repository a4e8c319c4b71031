package dev.runtimebridge.agent;

/**
 * An agent did not answer, or not as an agent does. The message is one sentence and holds no
 * secret.
 */
public final class AgentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String why;
    private final boolean repeatable;

    public AgentException(String why, boolean repeatable) {
        super(why);
        this.why = why;
        this.repeatable = repeatable;
    }

    public String why() {
        return why;
    }

    /** Whether asking the same agent again can help; otherwise the container must be replaced. */
    public boolean repeatable() {
        return repeatable;
    }
}
