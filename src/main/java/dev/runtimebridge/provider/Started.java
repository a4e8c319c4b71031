package dev.runtimebridge.provider;

/** What became of one container of a batch. */
public sealed interface Started {
    /** It exists at the provider; whether it comes up is to be observed. */
    record Accepted(ContainerRef ref) implements Started {}

    /** The provider would not start it. */
    record Declined(Cause cause) implements Started {}
}
