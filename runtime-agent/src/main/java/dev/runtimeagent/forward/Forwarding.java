package dev.runtimeagent.forward;

import dev.runtimeagent.init.Passage;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Function;

/**
 * What is needed to forward.
 *
 * @param passageOf what an assertion lets pass, if it holds
 * @param guests who looks after connections that a share let in
 */
public record Forwarding(
        Function<String, Optional<Passage>> passageOf, ServerFinder servers, Guests guests) {
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
