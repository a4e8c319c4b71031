package dev.runtimebridge.config;

import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Configurations that are whole, to be spoilt by tests. */
final class Samples {
    private static final KeyMaterial KEYS = KeyMaterial.generate(new SecureRandom());

    private Samples() {}

    /** A configuration that is good for production, over the embedded database. */
    static Map<String, String> whole() {
        var values = new HashMap<>(KEYS.values());
        values.put("PROVIDER", "local");
        values.put("DATABASE", "h2");
        values.put("AUTH_MODE", "secret");
        return values;
    }

    static Map<String, String> wholeWith(String... keysAndValues) {
        var values = whole();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            values.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return values;
    }

    static Settings settings(String... keysAndValues) {
        return switch (Config.read(wholeWith(keysAndValues))) {
            case Configuration.Ready(var settings) -> settings;
            case Configuration.Faulty(var faults) -> throw new AssertionError(faults);
        };
    }

    static List<String> faults(String... keysAndValues) {
        return faultsOf(wholeWith(keysAndValues));
    }

    static List<String> faultsOf(Map<String, String> values) {
        return switch (Config.read(values)) {
            case Configuration.Ready(var settings) ->
                    throw new AssertionError("was read as " + settings);
            case Configuration.Faulty(var faults) -> faults;
        };
    }
}
