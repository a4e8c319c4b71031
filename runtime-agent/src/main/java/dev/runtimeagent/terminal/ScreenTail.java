package dev.runtimeagent.terminal;

/** The last bytes of a screen, for a client that comes back. Not for use by two threads at once. */
final class ScreenTail {
    private final byte[] ring;
    private long written;

    ScreenTail(int bytes) {
        ring = new byte[bytes];
    }

    void append(byte[] bytes, int offset, int length) {
        var skipped = Math.max(0, length - ring.length);
        var from = offset + skipped;
        var left = length - skipped;
        written += skipped;
        while (left > 0) {
            var at = (int) (written % ring.length);
            var piece = Math.min(left, ring.length - at);
            System.arraycopy(bytes, from, ring, at, piece);
            from += piece;
            left -= piece;
            written += piece;
        }
    }

    /**
     * What is kept. Where the beginning has been lost it starts with a whole line, or at least with
     * a whole character.
     */
    byte[] content() {
        var length = (int) Math.min(written, ring.length);
        var content = new byte[length];
        var start = (int) ((written - length) % ring.length);
        var first = Math.min(length, ring.length - start);
        System.arraycopy(ring, start, content, 0, first);
        System.arraycopy(ring, 0, content, first, length - first);
        return written > length
                ? java.util.Arrays.copyOfRange(content, firstLine(content), length)
                : content;
    }

    private static int firstLine(byte[] content) {
        for (var at = 0; at < content.length; at++) {
            if (content[at] == '\n') {
                return at + 1;
            }
        }
        var at = 0;
        while (at < content.length && (content[at] & 0xC0) == 0x80) {
            at++; // the rest of a character in UTF-8
        }
        return at;
    }
}
