package dev.runtimebridge.provider;

/** What a provider says of one container. */
public sealed interface Observation {
    /**
     * On its way.
     *
     * @param phase the provider's own word for how far it is
     * @param busy whether it is at something that takes long and comes to an end, such as fetching
     *     its image: then it gets more time
     */
    record Pending(String phase, boolean busy) implements Observation {
        public Pending(String phase) {
            this(phase, false);
        }
    }

    /**
     * It has an address; whether its agent answers there is another question.
     *
     * @param busy as for {@link Pending}
     */
    record Reachable(Address address, boolean busy) implements Observation {
        public Reachable(Address address) {
            this(address, false);
        }
    }

    /** It still runs, and its provider will take it away soon, whatever we do. */
    record Leaving(Cause cause) implements Observation {}

    /** It runs no longer, or never did. */
    record Gone(Cause cause) implements Observation {}
}
