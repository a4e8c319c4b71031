package dev.runtimeagent.secret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A password, key or token. Prints as {@code <secret>}; compares in constant time. */
public final class Secret {
    private final String value;

    /**
     * Wraps {@code value}.
     *
     * @throws IllegalArgumentException when {@code value} is empty
     */
    public Secret(String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("a secret must not be empty");
        }
        this.value = value;
    }

    /** The secret itself: for the wire and for verification, never for a message. */
    public String reveal() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && MessageDigest.isEqual(bytes(), secret.bytes());
    }

    /** Constant, so that no hash of a secret ends up in a dump. */
    @Override
    public int hashCode() {
        return 1;
    }

    @Override
    public String toString() {
        return "<secret>";
    }

    private byte[] bytes() {
        return value.getBytes(StandardCharsets.UTF_8);
    }
}
