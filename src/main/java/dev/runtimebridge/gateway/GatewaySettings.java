package dev.runtimebridge.gateway;

import dev.runtimebridge.allocation.AllocationId;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How the gateway is reached, and what it reaches.
 *
 * @param domain whose hosts lead to containers
 * @param publicPort the port in the addresses that users are told
 * @param listen what NGINX listens on, {@code 127.0.0.1:8443}
 * @param bridges where it finds bridges, {@code 127.0.0.1:8080}
 * @param tls whether it terminates TLS itself, or a load balancer before it does
 * @param certificate of the domain and all of its hosts; absent: one that is made for trying
 * @param workers of NGINX; absent: one per core
 */
public record GatewaySettings(
        String domain,
        int publicPort,
        String listen,
        List<String> bridges,
        boolean tls,
        Optional<Certificate> certificate,
        Optional<Integer> workers) {
    /** A host name in lower case, of a form that cannot end a directive of NGINX. */
    public static final Pattern DOMAIN =
            Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");

    /** An address or host name, and a port. */
    public static final Pattern PLACE =
            Pattern.compile("([A-Za-z0-9.-]+|\\[[0-9a-fA-F:]+]):[1-9][0-9]{0,4}");

    private static final int USUAL_PORT = 443;

    /** PEM files. */
    public record Certificate(Path chain, Path key) {}

    public GatewaySettings {
        bridges = List.copyOf(bridges);
        if (!DOMAIN.matcher(domain).matches()) {
            throw new IllegalArgumentException("not a domain: " + domain);
        }
        if (bridges.isEmpty()
                || !PLACE.matcher(listen).matches()
                || !bridges.stream().allMatch(bridge -> PLACE.matcher(bridge).matches())) {
            throw new IllegalArgumentException("the gateway's addresses must be host:port");
        }
    }

    /** The same before other bridges. */
    public GatewaySettings at(List<String> others) {
        return new GatewaySettings(domain, publicPort, listen, others, tls, certificate, workers);
    }

    /** The API and its pages. */
    public URI bridge() {
        return host("bridge");
    }

    /** The agents by path. */
    public URI runtime() {
        return host("runtime");
    }

    /** One port of a container. */
    public URI container(AllocationId id, int port) {
        return host(port + "-" + id);
    }

    private URI host(String name) {
        return URI.create(
                "https://"
                        + name
                        + "."
                        + domain
                        + (publicPort == USUAL_PORT ? "" : ":" + publicPort));
    }
}
