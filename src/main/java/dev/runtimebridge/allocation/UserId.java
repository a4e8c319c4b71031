package dev.runtimebridge.allocation;

import java.nio.charset.StandardCharsets;

/**
 * The subject of a verified JWT, as its issuer writes it: 1 to 255 bytes of UTF-8, no control
 * characters. Compared as bytes everywhere: {@code bob} is not {@code Bob}.
 */
public record UserId(String value) {
    private static final int LONGEST_BYTES = 255;

    public UserId {
        int bytes = value.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > LONGEST_BYTES || value.codePoints().anyMatch(UserId::unfit)) {
            throw new IllegalArgumentException(
                    "a user id has 1 to 255 bytes and no control characters");
        }
    }

    /** A lone surrogate has no bytes of its own: two users would become one. */
    private static boolean unfit(int codePoint) {
        return Character.isISOControl(codePoint)
                || Character.getType(codePoint) == Character.SURROGATE;
    }

    public byte[] bytes() {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return value;
    }
}
