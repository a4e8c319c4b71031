package dev.runtimebridge.fleet;

import dev.runtimebridge.allocation.AllocationState;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.Workspace;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The calls that the rows, as they stand at the end of a pass, ask for. Which of them are due now
 * is the loop's memory to say.
 */
final class Schedule {
    private Schedule() {}

    static List<Action> of(Pass pass, Memory memory) {
        var actions = new ArrayList<Action>();
        for (var batch : pass.batches()) {
            if (pass.ofBatch(batch.request().key()).stream()
                    .anyMatch(c -> c.state() == ContainerState.REQUESTED)) {
                actions.add(new Action.Start(batch.request()));
            }
        }
        var starting = starting(pass);
        if (!starting.isEmpty()) {
            actions.add(new Action.Observe(Action.Observe.STARTING, starting));
        }
        for (var container : pass.containers(ContainerState.STARTING)) {
            var ref = container.ref().orElseThrow();
            memory.address(ref)
                    .ifPresent(at -> actions.add(new Action.Ping(container.id(), ref, at)));
        }
        for (var allocation : pass.allocations(AllocationState.BINDING)) {
            allocation
                    .container()
                    .flatMap(pass::container)
                    .filter(c -> c.state() == ContainerState.BOUND)
                    .ifPresent(
                            c ->
                                    actions.add(
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
        for (var container : pass.containers(ContainerState.STOPPING)) {
            var why = container.cause().orElseThrow().detail();
            actions.add(new Action.Stop(container.id(), container.ref().orElseThrow(), why));
        }
        return actions;
    }

    static Set<ContainerRef> starting(Pass pass) {
        var refs = new LinkedHashSet<ContainerRef>();
        pass.containers(ContainerState.STARTING).forEach(c -> refs.add(c.ref().orElseThrow()));
        return refs;
    }
}
