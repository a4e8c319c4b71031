package dev.runtimebridge.allocation;

/** Names one container: 26 characters of lower-case base32, unguessable. */
public record ContainerId(String value) implements Comparable<ContainerId> {
    public ContainerId {
        if (!Ids.FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "not an id of a container: 26 characters of a-z and 2-7 are");
        }
    }

    @Override
    public int compareTo(ContainerId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
