package dev.runtimebridge.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where the bridge answers, and whom.
 *
 * @param bindAddress host name or address to listen on
 * @param port 0 for any free one
 * @param idleTimeout how long a connection without a request is kept
 * @param trustedProxies networks whose X-Forwarded-For is believed
 * @param agentBridgeUrl where agents call the bridge; absent for the port that it listens on, on
 *     this machine
 * @param allowedOrigins origins of web IDEs as browsers send them, lower case; for CORS and
 *     WebSockets
 * @param adminRole the role that makes a user an administrator
 */
public record HttpSettings(
        String bindAddress,
        int port,
        Duration idleTimeout,
        List<String> trustedProxies,
        Optional<URI> agentBridgeUrl,
        List<String> allowedOrigins,
        String adminRole) {
    public HttpSettings {
        trustedProxies = List.copyOf(trustedProxies);
        allowedOrigins = List.copyOf(allowedOrigins);
    }

    /** Where agents on this machine's loopback call the bridge. */
    public URI agentBridgeUrl(int boundPort) {
        return agentBridgeUrl("127.0.0.1", boundPort);
    }

    /**
     * Where agents call the bridge.
     *
     * @param door the address of this machine that containers reach
     * @param boundPort the port that it came to listen on
     */
    public URI agentBridgeUrl(String door, int boundPort) {
        return agentBridgeUrl.orElseGet(() -> URI.create("http://" + door + ":" + boundPort));
    }
}
