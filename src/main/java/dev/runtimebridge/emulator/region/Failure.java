package dev.runtimebridge.emulator.region;

/**
 * An element of {@code failures[]}. Source: Failure of the ECS API reference, and "API failure
 * reasons" of the ECS developer guide.
 *
 * @param arn of what it is about; empty when nothing came to be
 * @param reason {@code MISSING}, {@code RESOURCE:ENI}, or a sentence
 * @param detail empty for none
 */
public record Failure(String arn, String reason, String detail) {
    static Failure capacity() {
        return new Failure("", "Capacity is unavailable at this time", "");
    }

    static Failure addresses(String subnet) {
        return new Failure("", "RESOURCE:ENI", "no free address in " + subnet);
    }
}
