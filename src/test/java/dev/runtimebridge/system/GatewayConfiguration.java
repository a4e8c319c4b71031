package dev.runtimebridge.system;

import dev.runtimebridge.config.Development;
import dev.runtimebridge.config.KeyMaterial;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;

/** The settings of a bridge that has a gateway elsewhere. */
final class GatewayConfiguration {
    private GatewayConfiguration() {}

    static Map<String, String> of(Path data) {
        var keys = KeyMaterial.generate(new SecureRandom());
        var values = new HashMap<>(Development.values(Map.of(), data, 8080, keys));
        values.put("GATEWAY_DOMAIN", "apps.example.org");
        values.put("GATEWAY_BRIDGES", "10.0.0.5:8080,10.0.0.6:8080");
        values.put("ALLOWED_ORIGINS", "https://ide.example.org");
        return values;
    }
}
