package dev.runtimebridge.allocation;

import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Draws ids of 128 random bits, written as 26 characters of lower-case base32 (RFC 4648, no
 * padding).
 */
public final class Ids {
    static final Pattern FORM = Pattern.compile("[a-z2-7]{26}");
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int BITS_PER_CHARACTER = 5;

    private final RandomGenerator random;

    /**
     * @param random in production a {@code SecureRandom}: ids are unguessable
     */
    public Ids(RandomGenerator random) {
        this.random = Objects.requireNonNull(random);
    }

    public AllocationId allocation() {
        return new AllocationId(draw());
    }

    public ContainerId container() {
        return new ContainerId(draw());
    }

    /** A bare id, for what has no type of its own here. */
    public String draw() {
        var bytes = new byte[16];
        random.nextBytes(bytes);
        return base32(bytes);
    }

    /** Lower-case base32 without padding. */
    public static String base32(byte[] bytes) {
        var text =
                new StringBuilder((bytes.length * 8 + BITS_PER_CHARACTER - 1) / BITS_PER_CHARACTER);
        int buffer = 0;
        int bits = 0;
        for (byte b : bytes) {
            buffer = (buffer << 8) | (b & 0xff);
            bits += 8;
            while (bits >= BITS_PER_CHARACTER) {
                bits -= BITS_PER_CHARACTER;
                text.append(ALPHABET.charAt((buffer >> bits) & 31));
            }
        }
        if (bits > 0) {
            text.append(ALPHABET.charAt((buffer << (BITS_PER_CHARACTER - bits)) & 31));
        }
        return text.toString();
    }
}
