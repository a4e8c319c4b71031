package dev.runtimeagent.bridge;

/**
 * What the agent asks the bridge. Every call is bounded in time and size and may block; none throws
 * for a fault of the bridge.
 */
public interface Bridge {
    /** Asks for this container's SSH credentials, with the API key that init brought. */
    SshAccess info();

    /**
     * Asks who the bearer of {@code token} is, with the API key that init brought.
     *
     * @param token a user's JWT, without {@code Bearer}
     */
    Authorization authorize(String token);

    /**
     * Tells the bridge once, in the background, that this agent answers; returns at once and
     * reports nothing.
     */
    void ready();

    /** Whether the bridge has accepted the API key at least once. */
    boolean keyAccepted();
}
