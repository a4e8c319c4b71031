package dev.runtimebridge.provider;

/** What a provider says of one container. */
public sealed interface Observation {
    /** On its way; {@code phase} is the provider's own word for how far it is. */
    record Pending(String phase) implements Observation {}

    /** It runs and has an address; whether its agent answers is another question. */
    record Reachable(Address address) implements Observation {}

    /** It runs no longer, or never did. */
    record Gone(Cause cause) implements Observation {}
}
