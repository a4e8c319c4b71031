package dev.runtimebridge;

import dev.runtimebridge.config.Config;
import dev.runtimebridge.config.Configuration;
import dev.runtimebridge.provider.Provider;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The whole bridge in this JVM, as {@link Wiring} puts it together, on any provider. */
public final class BridgeInProcess implements AutoCloseable {
    private final Bridge bridge;
    private final ProviderInUse used;
    private final URI url;

    private BridgeInProcess(Bridge bridge, ProviderInUse used, AtomicInteger port) {
        this.bridge = bridge;
        this.used = used;
        this.url = URI.create("http://127.0.0.1:" + bridge.start("127.0.0.1", 0, port::set));
    }

    /**
     * @param values the configuration, as the environment would give it
     */
    public static BridgeInProcess start(Map<String, String> values, Provider provider) {
        return switch (Config.read(values)) {
            case Configuration.Ready(var settings) -> {
                var used = ProviderInUse.of(provider);
                yield new BridgeInProcess(
                        new Wiring(settings, "").bridge(used), used, new AtomicInteger());
            }
            case Configuration.Faulty(var faults) ->
                    throw new IllegalArgumentException(String.join("; ", faults));
        };
    }

    /**
     * The same with the provider that the configuration names.
     *
     * @throws IOException when the provider's folder cannot be used
     */
    public static BridgeInProcess start(Map<String, String> values) throws IOException {
        return switch (Config.read(values)) {
            case Configuration.Ready(var settings) -> {
                var wiring = new Wiring(settings, "");
                var port = new AtomicInteger();
                var used = wiring.provider(() -> URI.create("http://127.0.0.1:" + port.get()));
                yield new BridgeInProcess(wiring.bridge(used), used, port);
            }
            case Configuration.Faulty(var faults) ->
                    throw new IllegalArgumentException(String.join("; ", faults));
        };
    }

    public URI url() {
        return url;
    }

    @Override
    public void close() {
        bridge.close();
        used.close();
    }
}
