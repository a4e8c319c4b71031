package dev.runtimebridge;

import dev.runtimebridge.config.Config;
import dev.runtimebridge.config.Configuration;
import dev.runtimebridge.provider.Provider;

import java.net.URI;
import java.util.Map;

/** The whole bridge in this JVM, as {@link Wiring} puts it together, on any provider. */
public final class BridgeInProcess implements AutoCloseable {
    private final Bridge bridge;
    private final URI url;

    private BridgeInProcess(Bridge bridge) {
        this.bridge = bridge;
        this.url = URI.create("http://127.0.0.1:" + bridge.start("127.0.0.1", 0, port -> {}));
    }

    /**
     * @param values the configuration, as the environment would give it
     */
    public static BridgeInProcess start(Map<String, String> values, Provider provider) {
        return switch (Config.read(values)) {
            case Configuration.Ready(var settings) ->
                    new BridgeInProcess(new Wiring(settings, "").bridge(provider));
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
    }
}
