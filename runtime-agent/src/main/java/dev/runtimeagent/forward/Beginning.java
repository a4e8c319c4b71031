package dev.runtimeagent.forward;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;

/**
 * How a connection begins. The gateway writes the header {@code X-Bridge-Forward} first, right
 * after the request line, on connections that are to be forwarded, and on no others.
 */
sealed interface Beginning {
    /** It cannot be told yet. */
    record Unclear() implements Beginning {}

    /** An ordinary request. */
    record Ordinary() implements Beginning {}

    /**
     * To be forwarded.
     *
     * @param assertion what the header said
     * @param bytes all that was read, without the header
     */
    record Forwarded(String assertion, ByteBuffer bytes) implements Beginning {}

    /** The header's name, as it is compared. */
    String HEADER = "x-bridge-forward:";

    /** Looks at what was read so far; leaves it as it is. */
    static Beginning of(ByteBuffer read) {
        int headerAt = after(read, read.position());
        if (headerAt < 0) {
            return new Unclear();
        }
        int there = Math.min(HEADER.length(), read.limit() - headerAt);
        for (int i = 0; i < there; i++) {
            if (Character.toLowerCase((char) read.get(headerAt + i)) != HEADER.charAt(i)) {
                return new Ordinary();
            }
        }
        int end = after(read, headerAt);
        if (there < HEADER.length() || end < 0) {
            return new Unclear();
        }
        var value = new byte[end - headerAt - HEADER.length()];
        read.get(headerAt + HEADER.length(), value);
        var rest = ByteBuffer.allocate(read.remaining() - (end - headerAt));
        rest.put(read.slice(read.position(), headerAt - read.position()));
        rest.put(read.slice(end, read.limit() - end));
        return new Forwarded(new String(value, ISO_8859_1).strip(), rest.flip());
    }

    /** Where the line after the one at {@code from} begins; -1 when that is not known yet. */
    private static int after(ByteBuffer read, int from) {
        for (int i = from; i < read.limit(); i++) {
            if (read.get(i) == '\n') {
                return i + 1;
            }
        }
        return -1;
    }
}
