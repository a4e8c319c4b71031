package dev.runtimebridge.fleet;

import dev.runtimebridge.agent.Login;
import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.ContainerId;
import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.Observation;
import dev.runtimebridge.provider.Started;

import java.util.List;
import java.util.Map;

/**
 * What a remote call came to. Outcomes wait in memory until a pass has written down what follows
 * from them; one that is lost is found out again.
 */
sealed interface Outcome {
    /** The provider answered for a whole batch. */
    record BatchStarted(String batchKey, List<Started> results) implements Outcome {}

    /** The call failed as a whole, for good. */
    record BatchRefused(String batchKey, Cause why) implements Outcome {}

    /** The call for a batch failed and will be repeated; whoever waits should know why. */
    record StartTroubled(String batchKey, Cause why) implements Outcome {}

    /** The provider told of containers. */
    record Observed(Map<ContainerRef, Observation> seen) implements Outcome {}

    /** A container's agent answered. */
    record Answered(ContainerId container) implements Outcome {}

    /** An agent took the user in and gave its credentials. */
    record Initialised(AllocationId allocation, Login login) implements Outcome {}

    /** An agent will not take this user in. */
    record InitRefused(AllocationId allocation, ContainerId container, String why)
            implements Outcome {}

    /** The provider ended a container, or never had it. */
    record Ended(ContainerId container) implements Outcome {}

    /** The call has to be made again. */
    record Again(Cause why) implements Outcome {}
}
