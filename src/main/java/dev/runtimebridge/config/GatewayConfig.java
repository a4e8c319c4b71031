package dev.runtimebridge.config;

import dev.runtimebridge.gateway.GatewaySettings;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads the settings about the gateway. */
final class GatewayConfig {
    private GatewayConfig() {}

    static Supplier<Optional<GatewaySettings>> read(Reading reading) {
        var domain = reading.optional(GatewayKeys.GATEWAY_DOMAIN);
        var port = reading.withDefault(GatewayKeys.GATEWAY_PORT);
        var publicPort = reading.optional(GatewayKeys.GATEWAY_PUBLIC_PORT);
        var address = reading.withDefault(GatewayKeys.GATEWAY_BIND_ADDRESS);
        var bridges = reading.optional(GatewayKeys.GATEWAY_BRIDGES);
        var tls = reading.withDefault(GatewayKeys.GATEWAY_TLS);
        var workers = reading.optional(GatewayKeys.GATEWAY_WORKERS);
        var bridgePort = reading.withDefault(Keys.PORT);
        var certificate = certificate(reading);
        return () ->
                domain.map(
                        name ->
                                new GatewaySettings(
                                        name,
                                        publicPort.orElseGet(port),
                                        address.get() + ":" + port.get(),
                                        // port 0 is replaced once it is known
                                        bridges.orElseGet(
                                                () ->
                                                        List.of(
                                                                "127.0.0.1:"
                                                                        + Math.max(
                                                                                1,
                                                                                bridgePort.get()))),
                                        tls.get(),
                                        certificate,
                                        workers));
    }

    private static Optional<GatewaySettings.Certificate> certificate(Reading reading) {
        var chain = reading.optional(GatewayKeys.GATEWAY_CERTIFICATE);
        var key = reading.optional(GatewayKeys.GATEWAY_CERTIFICATE_KEY);
        if (chain.isPresent()) {
            reading.required(GatewayKeys.GATEWAY_CERTIFICATE_KEY, "GATEWAY_CERTIFICATE is set");
        } else if (key.isPresent()) {
            reading.required(GatewayKeys.GATEWAY_CERTIFICATE, "GATEWAY_CERTIFICATE_KEY is set");
        }
        return chain.flatMap(c -> key.map(k -> new GatewaySettings.Certificate(c, k)));
    }
}
