package dev.runtimeagent.config;

import java.util.Set;

/**
 * The origins ({@code https://ide.example.org}) that may call from a browser; {@code
 * ALLOWED_ORIGINS}.
 */
public record AllowedOrigins(Set<String> origins) {
    public AllowedOrigins {
        origins = Set.copyOf(origins);
    }

    /** Whether a request with this {@code Origin} header may open a WebSocket or read an answer. */
    public boolean allow(String origin) {
        return origins.contains(origin);
    }
}
