package dev.runtimebridge.config;

import dev.runtimebridge.gateway.GatewaySettings;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The settings about the gateway. */
final class GatewayKeys {
    private static final int MOST_BRIDGES = 50;
    private static final int MOST_WORKERS = 256;
    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9.-]+|\\[[0-9a-fA-F:]+]");

    static final Key<String> GATEWAY_DOMAIN =
            Key.of(
                    "GATEWAY_DOMAIN",
                    Kinds.form("a domain in lower case", GatewaySettings.DOMAIN),
                    "Domain whose hosts lead to containers through the gateway, as *.<domain> does"
                            + " in the DNS; one that serves nothing else. `./bridge up` takes"
                            + " `localhost`. By default there is no gateway.");
    static final Key<Integer> GATEWAY_PORT =
            Key.of("GATEWAY_PORT", Kinds.whole(1, 65535), "8443", "Port that NGINX listens on.");
    static final Key<Integer> GATEWAY_PUBLIC_PORT =
            Key.of(
                    "GATEWAY_PUBLIC_PORT",
                    Kinds.whole(1, 65535),
                    "Port in the addresses that users are told, where a load balancer stands before"
                            + " it. By default GATEWAY_PORT.");
    static final Key<String> GATEWAY_BIND_ADDRESS =
            Key.of(
                    "GATEWAY_BIND_ADDRESS",
                    Kinds.form("an address or host name of its machine", ADDRESS),
                    "0.0.0.0",
                    "Address that NGINX listens on.");
    static final Key<List<String>> GATEWAY_BRIDGES =
            Key.of(
                    "GATEWAY_BRIDGES",
                    Kinds.list(
                            "host:port, more of them after commas",
                            GatewaySettings.PLACE,
                            MOST_BRIDGES),
                    "Where NGINX finds the bridges, host:port separated by commas. By default"
                            + " 127.0.0.1:<PORT>.");
    static final Key<Boolean> GATEWAY_TLS =
            Key.of(
                    "GATEWAY_TLS",
                    Kinds.flag(),
                    "true",
                    "Whether NGINX terminates TLS. `false`: a load balancer before it does, and"
                            + " nobody else reaches it.");
    static final Key<Path> GATEWAY_CERTIFICATE =
            Key.of(
                    "GATEWAY_CERTIFICATE",
                    Kinds.file(),
                    "Certificate of the domain and *.<domain> with its chain, a PEM file. By"
                            + " default one is made for trying, which browsers warn of.");
    static final Key<Path> GATEWAY_CERTIFICATE_KEY =
            Key.of(
                    "GATEWAY_CERTIFICATE_KEY",
                    Kinds.file(),
                    "Its key, a PEM file. Required with GATEWAY_CERTIFICATE.");
    static final Key<Integer> GATEWAY_WORKERS =
            Key.of(
                    "GATEWAY_WORKERS",
                    Kinds.whole(1, MOST_WORKERS),
                    "Processes of NGINX. By default one per core.");

    static final List<Key<?>> ALL =
            List.of(
                    GATEWAY_DOMAIN,
                    GATEWAY_PORT,
                    GATEWAY_PUBLIC_PORT,
                    GATEWAY_BIND_ADDRESS,
                    GATEWAY_BRIDGES,
                    GATEWAY_TLS,
                    GATEWAY_CERTIFICATE,
                    GATEWAY_CERTIFICATE_KEY,
                    GATEWAY_WORKERS);

    private GatewayKeys() {}
}
