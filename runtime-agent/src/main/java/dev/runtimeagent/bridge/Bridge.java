package dev.runtimeagent.bridge;

import java.util.Optional;
import java.util.Set;

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
     * Asks which shares of this container let somebody in now, with the API key that init brought;
     * none where the bridge knows the container no more, absent when it gives no usable answer.
     */
    Optional<Set<String>> validShares();

    /**
     * Tells the bridge once, in the background, that this agent answers; returns at once and
     * reports nothing.
     */
    void ready();

    /** Whether the bridge has accepted the API key at least once. */
    boolean keyAccepted();
}
