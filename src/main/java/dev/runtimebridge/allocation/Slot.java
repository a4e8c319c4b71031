package dev.runtimebridge.allocation;

import java.util.regex.Pattern;

/**
 * Tells a user's allocations of one image apart: empty unless a caller names one, then 1 to 32 of
 * {@code a-z 0-9 -}.
 */
public record Slot(String value) {
    private static final Pattern FORM = Pattern.compile("[a-z0-9-]{0,32}");
    public static final Slot DEFAULT = new Slot("");

    public Slot {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "slot must be at most 32 characters of a-z, 0-9 and -");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
