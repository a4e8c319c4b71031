package dev.runtimebridge.fleet;

import dev.runtimebridge.allocation.AllocationState;
import dev.runtimebridge.provider.Workspace;

import java.util.ArrayList;
import java.util.List;

/**
 * The calls that change something, as the rows at the end of a pass ask for them. Which of them are
 * due now is the loop's memory to say; what is only looked at is {@link Watch}'s.
 */
final class Schedule {
    private Schedule() {}

    static List<Action> of(Pass pass) {
        var actions = new ArrayList<Action>();
        for (var batch : pass.batches()) {
            if (pass.ofBatch(batch.request().key()).stream()
                    .anyMatch(c -> c.state() == ContainerState.REQUESTED)) {
                actions.add(new Action.Start(batch.request()));
            }
        }
        actions.addAll(inits(pass));
        for (var container : pass.containers(ContainerState.STOPPING)) {
            var why = container.cause().orElseThrow().detail();
            actions.add(new Action.Stop(container.id(), container.ref().orElseThrow(), why));
        }
        return actions;
    }

    /** Of the containers that have a user who was not taken in yet. */
    static List<Action.Init> inits(Pass pass) {
        var inits = new ArrayList<Action.Init>();
        for (var allocation : pass.allocations(AllocationState.BINDING)) {
            allocation
                    .container()
                    .flatMap(pass::container)
                    .filter(c -> c.state() == ContainerState.BOUND)
                    .ifPresent(
                            c ->
                                    inits.add(
                                            new Action.Init(
                                                    allocation.id(),
                                                    c.id(),
                                                    c.ref().orElseThrow(),
                                                    c.address().orElseThrow(),
                                                    Workspace.of(
                                                            allocation.owner(),
                                                            allocation.image(),
                                                            allocation.slot()))));
        }
        return inits;
    }
}
