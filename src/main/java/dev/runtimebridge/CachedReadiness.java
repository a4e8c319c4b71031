package dev.runtimebridge;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;

import dev.runtimebridge.http.Readiness;

import java.time.Duration;
import java.util.List;

/**
 * Looks at most once a second, however many ask: anybody may, and the loops share the connections
 * that it takes.
 */
final class CachedReadiness implements Readiness {
    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final String ONLY = "checks";

    private final LoadingCache<String, List<Check>> cache;

    CachedReadiness(Readiness readiness) {
        cache = Caffeine.newBuilder().expireAfterWrite(FRESH).build(key -> readiness.checks());
    }

    @Override
    public List<Check> checks() {
        return cache.get(ONLY);
    }
}
