package dev.runtimebridge.config;

import java.util.Optional;

/**
 * One setting: how it is called, read and explained.
 *
 * @param fallback the text that stands for an absent value
 * @param secret whether its value must never be shown
 * @param meaning one or more sentences for whoever sets it
 */
record Key<T>(
        String name, Kind<T> kind, Optional<String> fallback, boolean secret, String meaning) {

    /** A setting that may be absent, or that is needed only together with others. */
    static <T> Key<T> of(String name, Kind<T> kind, String meaning) {
        return new Key<>(name, kind, Optional.empty(), false, meaning);
    }

    /** A setting with a default. */
    static <T> Key<T> of(String name, Kind<T> kind, String fallback, String meaning) {
        return new Key<>(name, kind, Optional.of(fallback), false, meaning);
    }

    /** A setting whose value must never be shown. */
    static <T> Key<T> secret(String name, Kind<T> kind, String meaning) {
        return new Key<>(name, kind, Optional.empty(), true, meaning);
    }
}
