package dev.runtimebridge.fleet;

import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.ContainerId;
import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.Batch;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.Workspace;

import java.util.Set;

/** A remote call that a pass wants made, once what it needs is written down. */
sealed interface Action {
    /** Names the call: one of the same name is never under way twice. */
    String name();

    /** Asks the provider for a stored batch. */
    record Start(Batch batch) implements Action {
        @Override
        public String name() {
            return "start " + batch.key();
        }
    }

    /** Looks at containers together. */
    record Observe(String name, Set<ContainerRef> refs) implements Action {
        /** Of those that start. */
        static final String STARTING = "observe starting";

        /** Of those that are up. */
        static final String SWEEP = "observe running";
    }

    /**
     * Asks an agent whether it is up.
     *
     * @param calledHome whether it said so itself, from this address
     */
    record Ping(ContainerId container, ContainerRef ref, Address address, boolean calledHome)
            implements Action {
        static String name(ContainerId container) {
            return "ping " + container;
        }

        @Override
        public String name() {
            return name(container);
        }
    }

    /** Gives a container to its user. */
    record Init(
            AllocationId allocation,
            ContainerId container,
            ContainerRef ref,
            Address address,
            Workspace workspace)
            implements Action {
        @Override
        public String name() {
            return "init " + container;
        }
    }

    /** Ends a container. */
    record Stop(ContainerId container, ContainerRef ref, String why) implements Action {
        @Override
        public String name() {
            return "stop " + container;
        }
    }
}
