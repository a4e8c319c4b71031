package dev.runtimebridge;

import dev.runtimebridge.config.Config;
import dev.runtimebridge.config.Configuration;
import dev.runtimebridge.config.Settings;
import dev.runtimebridge.provider.Provider;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** The whole bridge in this JVM, as {@link Wiring} puts it together, on any provider. */
public final class BridgeInProcess implements AutoCloseable {
    private final Bridge bridge;
    private final URI url;

    private final AutoCloseable provider;

    private BridgeInProcess(Bridge bridge, AutoCloseable provider, IntConsumer listens) {
        this(bridge, provider, listens, "127.0.0.1");
    }

    private BridgeInProcess(
            Bridge bridge, AutoCloseable provider, IntConsumer listens, String host) {
        this.bridge = bridge;
        this.provider = provider;
        this.url = URI.create("http://" + host + ":" + bridge.start(host, 0, listens));
    }

    /** On the provider that the configuration names. */
    public static BridgeInProcess start(Map<String, String> values) throws IOException {
        var port = new AtomicInteger();
        var wiring = new Wiring(settings(values), "");
        var provider = wiring.provider(() -> URI.create("http://127.0.0.1:" + port.get()));
        return new BridgeInProcess(wiring.bridge(provider), provider, port::set);
    }

    /**
     * @param values the configuration, as the environment would give it
     */
    public static BridgeInProcess start(Map<String, String> values, Provider provider) {
        var bridge = new Wiring(settings(values), "").bridge(ProviderInUse.of(provider));
        return new BridgeInProcess(bridge, () -> {}, port -> {});
    }

    /**
     * @param host what it listens on
     */
    public static BridgeInProcess start(
            Map<String, String> values, Provider provider, String host) {
        var bridge = new Wiring(settings(values), "").bridge(ProviderInUse.of(provider));
        return new BridgeInProcess(bridge, () -> {}, port -> {}, host);
    }

    private static Settings settings(Map<String, String> values) {
        return switch (Config.read(values)) {
            case Configuration.Ready(var settings) -> settings;
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
        try {
            provider.close();
        } catch (Exception e) {
            throw new IllegalStateException("the provider cannot be let go of", e);
        }
    }
}
