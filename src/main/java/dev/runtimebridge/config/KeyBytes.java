package dev.runtimebridge.config;

import java.util.Arrays;

/** Bytes of a key, redacted. */
public final class KeyBytes {
    private final byte[] bytes;

    public KeyBytes(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    /** A copy of the bytes. */
    public byte[] reveal() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyBytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "[key of " + bytes.length + " bytes]";
    }
}
