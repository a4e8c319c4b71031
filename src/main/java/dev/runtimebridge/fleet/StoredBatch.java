package dev.runtimebridge.fleet;

import dev.runtimebridge.provider.Batch;

import java.time.Instant;

/**
 * A batch as it was written down before the provider was asked.
 *
 * @param request the whole request, image included, so that a replay asks for exactly the same
 * @param provider the {@code name()} of the provider that was to be asked
 * @param createdAt decides until when it may be replayed
 */
public record StoredBatch(Batch request, String provider, Instant createdAt) {}
