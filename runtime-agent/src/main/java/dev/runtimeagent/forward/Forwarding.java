package dev.runtimeagent.forward;

import java.io.IOException;
import java.net.InetAddress;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * What is needed to forward.
 *
 * @param portOf the port that an assertion names, if it holds
 */
public record Forwarding(Function<String, OptionalInt> portOf, ServerFinder servers) {
    /** Finds the servers of this container. */
    @FunctionalInterface
    public interface ServerFinder {
        /**
         * The address to reach the container's server on a port by.
         *
         * @throws IOException when none of the container's programs listens there
         */
        InetAddress on(int port) throws IOException;
    }
}
