package dev.runtimeagent.terminal;

import java.time.Duration;

/**
 * What a terminal may take.
 *
 * @param authenticationTime how long a socket may stay without saying who it is
 * @param detachedTime how long a shell waits for its user after its socket is gone
 * @param shells open at a time in the container, detached ones included
 * @param tailBytes of the screen that are kept to be replayed
 * @param windowBytes of output that may be under way to a client; bounds the memory it costs, and
 *     how much it still sees after Ctrl-C
 * @param messageBytes the longest message of an authenticated client: a paste arrives as one
 */
record TerminalLimits(
        Duration authenticationTime,
        Duration detachedTime,
        int shells,
        int tailBytes,
        int windowBytes,
        int messageBytes) {
    /** The longest message of a client that has not said who it is: a token. */
    static final int STRANGERS_MESSAGE_BYTES = 64 * 1024;

    static final TerminalLimits USUAL =
            new TerminalLimits(
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(5),
                    5,
                    64 * 1024,
                    512 * 1024,
                    8 * 1024 * 1024);
}
