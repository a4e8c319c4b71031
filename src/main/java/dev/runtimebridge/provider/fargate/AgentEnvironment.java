package dev.runtimebridge.provider.fargate;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What agents are told. Everybody who may see the task may read it: nothing of it is secret.
 *
 * @param bridgeKey the bridge's public key, base64
 * @param bridgeUrl where agents call home; asked for at each start
 * @param port that agents listen on
 * @param allowedOrigins of web IDEs
 */
public record AgentEnvironment(
        String bridgeKey, Supplier<URI> bridgeUrl, int port, List<String> allowedOrigins) {
    public AgentEnvironment {
        allowedOrigins = List.copyOf(allowedOrigins);
    }

    Map<String, String> variables() {
        var variables = new HashMap<String, String>();
        variables.put("AGENT_BRIDGE_KEY", bridgeKey);
        variables.put("AGENT_BRIDGE_URL", bridgeUrl.get().toString());
        variables.put("AGENT_PORT", Integer.toString(port));
        if (!allowedOrigins.isEmpty()) {
            variables.put("ALLOWED_ORIGINS", String.join(",", allowedOrigins));
        }
        return variables;
    }
}
