package dev.runtimeagent.bridge;

/**
 * The bridge's answer to who the bearer of a token is. The {@code why} texts are fit for the
 * caller's eyes.
 */
public sealed interface Authorization {
    /** The bearer owns this container. */
    record Owner(String user) implements Authorization {}

    /** The token verifies, but its bearer does not own this container. */
    record Stranger(String user) implements Authorization {}

    /** The token does not verify, or the container is no longer known to the bridge. */
    record Refused(String why) implements Authorization {}

    /** The bridge gave no usable answer, or init has not happened; asking later can help. */
    record Unavailable(String why) implements Authorization {}
}
