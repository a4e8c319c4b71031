package dev.runtimebridge.allocation;

/** Names an image of the catalogue; positive. */
public record ImageId(long value) implements Comparable<ImageId> {
    public ImageId {
        if (value <= 0) {
            throw new IllegalArgumentException("image_id must be a positive integer, not " + value);
        }
    }

    @Override
    public int compareTo(ImageId other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
