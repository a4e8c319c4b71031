package dev.runtimebridge.config;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The values for a bridge that brings everything with it. */
public final class Development {
    /** What would turn such a bridge into another kind of one, or its tokens away. */
    private static final Set<String> NOT_TAKEN_OVER =
            UserKeys.ALL.stream().map(Key::name).collect(Collectors.toSet());

    private Development() {}

    /**
     * The environment's values, with the embedded database, the local provider and the given keys
     * in the place of whatever it says about these. Listens on the loopback unless told otherwise.
     *
     * @param port 0 for any free one
     */
    public static Map<String, String> values(
            Map<String, String> environment, Path folder, int port, KeyMaterial keys) {
        var values = new HashMap<>(environment);
        values.keySet().removeAll(NOT_TAKEN_OVER);
        values.putIfAbsent(Keys.BIND_ADDRESS.name(), "127.0.0.1");
        values.put(Keys.PORT.name(), Integer.toString(port));
        values.put(Keys.DATA_DIR.name(), folder.toString());
        values.put(Keys.DATABASE.name(), "h2");
        values.put(Keys.PROVIDER.name(), "local");
        values.put(UserKeys.AUTH_MODE.name(), "secret");
        // Nobody else can open an embedded database: whoever does goes on at once, lease or not.
        values.put(Keys.BRIDGE_NAME.name(), "up");
        values.putAll(keys.values());
        return Map.copyOf(values);
    }

    /**
     * These values, with a gateway on the loopback unless they say where else.
     *
     * @param port that it listens on
     */
    public static Map<String, String> withGateway(Map<String, String> values, int port) {
        var with = new HashMap<>(values);
        with.putIfAbsent(GatewayKeys.GATEWAY_DOMAIN.name(), "localhost");
        with.putIfAbsent(GatewayKeys.GATEWAY_BIND_ADDRESS.name(), "127.0.0.1");
        with.putIfAbsent(GatewayKeys.GATEWAY_PORT.name(), Integer.toString(port));
        return Map.copyOf(with);
    }

    /** These values without a gateway. */
    public static Map<String, String> withoutGateway(Map<String, String> values) {
        var without = new HashMap<>(values);
        without.remove(GatewayKeys.GATEWAY_DOMAIN.name());
        return Map.copyOf(without);
    }
}
