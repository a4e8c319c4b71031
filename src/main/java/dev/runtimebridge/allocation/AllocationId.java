package dev.runtimebridge.allocation;

/** Names one allocation: 26 characters of lower-case base32, unguessable. */
public record AllocationId(String value) implements Comparable<AllocationId> {
    public AllocationId {
        if (!Ids.FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "not an id of a allocation: 26 characters of a-z and 2-7 are");
        }
    }

    @Override
    public int compareTo(AllocationId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
