package dev.runtimebridge.provider;

import dev.runtimebridge.catalog.Image;

/**
 * Containers of one image that are asked for by one call. Stored before the call is made, so that
 * the same call can be repeated after a crash.
 *
 * @param key unguessable, at most 64 characters; the same key never starts anything twice
 * @param image what to run, as it was when the batch was stored
 * @param count how many, 1 to 10
 * @param place the provider's own word for where, as {@link Provider#place} gave it when the batch
 *     was stored; empty for a provider with one place
 */
public record Batch(String key, Image image, int count, String place) {
    public static final int MOST = 10;

    /** One for a provider with one place. */
    public Batch(String key, Image image, int count) {
        this(key, image, count, "");
    }

    public Batch {
        if (count < 1 || count > MOST) {
            throw new IllegalArgumentException(
                    "a batch starts 1 to " + MOST + " containers, not " + count);
        }
    }
}
