package dev.runtimebridge.provider;

/**
 * A provider's own name for a container it runs (a task ARN, a container id): 1 to 255 printable
 * ASCII characters.
 */
public record ContainerRef(String value) {
    public ContainerRef {
        if (value.isEmpty()
                || value.length() > 255
                || !value.chars().allMatch(c -> c > 32 && c < 127)) {
            throw new IllegalArgumentException("not a container reference: " + value);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
