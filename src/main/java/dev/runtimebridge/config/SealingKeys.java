package dev.runtimebridge.config;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * The keys that secrets are sealed with in the database.
 *
 * @param first id of the key that new values are sealed with
 * @param all keys by id, 32 bytes each; any of them opens
 */
public record SealingKeys(String first, Map<String, KeyBytes> all) {
    public SealingKeys {
        all = Map.copyOf(all);
        if (!all.containsKey(first)) {
            throw new IllegalArgumentException("there is no sealing key " + first);
        }
    }

    /** The bytes of all keys by id. */
    public Map<String, byte[]> reveal() {
        return all.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().reveal()));
    }
}
