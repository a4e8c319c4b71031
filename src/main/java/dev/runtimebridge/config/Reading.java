package dev.runtimebridge.config;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * One pass over the configuration that gathers all faults. What it hands out are suppliers, to be
 * asked only once {@link #faults} is known to be empty.
 */
final class Reading {
    private static final int LONGEST_SHOWN = 60;

    private final Map<String, String> values;

    /** A key that is read twice is at fault once. */
    private final Set<String> faults = new LinkedHashSet<>();

    Reading(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /** The value or its default; absent when there is neither, or when it is at fault. */
    <T> Optional<T> optional(Key<T> key) {
        var text = text(key).or(key::fallback);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(key.kind().reader().apply(text.get()));
        } catch (Kind.Unfit e) {
            fault(key, shown(key, text.get()) + ": " + e.getMessage());
        } catch (IllegalArgumentException e) {
            fault(key, shown(key, text.get()));
        }
        return Optional.empty();
    }

    /** The value or its default; a fault when there is neither. */
    <T> Supplier<T> required(Key<T> key, String because) {
        var value = optional(key);
        if (value.isEmpty() && !present(key)) {
            fault(key, "is missing (" + because + ")");
        }
        return value::orElseThrow;
    }

    /** The value of a key that has a default. */
    <T> Supplier<T> withDefault(Key<T> key) {
        return optional(key)::orElseThrow;
    }

    boolean present(Key<?> key) {
        return text(key).isPresent();
    }

    /** Notes that a key's value does not fit. */
    void fault(Key<?> key, String what) {
        faults.add(key.name() + " " + what + "; expected " + key.kind().expected());
    }

    List<String> faults() {
        return List.copyOf(faults);
    }

    private Optional<String> text(Key<?> key) {
        return Optional.ofNullable(values.get(key.name()))
                .map(String::strip)
                .filter(text -> !text.isEmpty());
    }

    private static String shown(Key<?> key, String text) {
        if (key.secret()) {
            return "does not fit";
        }
        var clean = text.replaceAll("\\p{Cntrl}", "?");
        return "does not fit, being '"
                + (clean.length() > LONGEST_SHOWN ? clean.substring(0, LONGEST_SHOWN) + "…" : clean)
                + "'";
    }
}
