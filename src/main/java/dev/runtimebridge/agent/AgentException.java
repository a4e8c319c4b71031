package dev.runtimebridge.agent;

/**
 * An agent did not answer, or not as an agent does. The message is one sentence and holds no
 * secret.
 */
public final class AgentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean repeatable;

    public AgentException(String message, boolean repeatable) {
        super(message);
        this.repeatable = repeatable;
    }

    /** Whether asking the same agent again can help; otherwise the container must be replaced. */
    public boolean repeatable() {
        return repeatable;
    }
}
