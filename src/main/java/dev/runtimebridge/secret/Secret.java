package dev.runtimebridge.secret;

/**
 * Text that never shows itself: {@code toString} is redacted, so that no log or error can carry it
 * by accident.
 */
public record Secret(String reveal) {
    @Override
    public String toString() {
        return "[secret]";
    }
}
