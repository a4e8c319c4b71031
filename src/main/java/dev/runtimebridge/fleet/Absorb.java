package dev.runtimebridge.fleet;

import dev.runtimebridge.allocation.Allocation;
import dev.runtimebridge.allocation.AllocationState;
import dev.runtimebridge.allocation.EndReason;
import dev.runtimebridge.allocation.Event.Phase;
import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.Observation;
import dev.runtimebridge.provider.Started;

import java.util.List;
import java.util.Optional;

/**
 * First half of a pass: what follows from the answers that came in. An answer to a question that no
 * longer matters changes nothing.
 */
final class Absorb {
    static final int MOST_FAILED_BINDINGS = 3;

    private final Pass pass;
    private final Memory memory;

    Absorb(Pass pass, Memory memory) {
        this.pass = pass;
        this.memory = memory;
    }

    void apply(Outcome outcome) {
        switch (outcome) {
            case Outcome.BatchStarted(var key, var results) -> {
                for (var container : pass.ofBatch(key)) {
                    if (container.state() == ContainerState.REQUESTED) {
                        started(container, result(results, container.ordinal()));
                    }
                }
            }
            case Outcome.BatchRefused(var key, var why) -> {
                for (var container : pass.ofBatch(key)) {
                    if (container.state() == ContainerState.REQUESTED) {
                        started(container, new Started.Declined(why));
                    }
                }
            }
            case Outcome.StartTroubled(var key, var why) ->
                    pass.ofBatch(key).stream()
                            .filter(c -> c.state() == ContainerState.REQUESTED)
                            .forEach(c -> pass.notUp(c, why));
            case Outcome.Observed(var seen) ->
                    seen.forEach((ref, what) -> pass.container(ref).ifPresent(c -> seen(c, what)));
            case Outcome.Answered(var id) ->
                    pass.container(id)
                            .filter(container -> container.state() == ContainerState.STARTING)
                            .ifPresent(this::answered);
            case Outcome.Initialised initialised -> initialised(initialised);
            case Outcome.InitRefused refused -> initRefused(refused);
            case Outcome.Ended(var id) ->
                    pass.container(id)
                            .filter(container -> container.state() == ContainerState.STOPPING)
                            .ifPresent(this::ended);
            case Outcome.Again again -> {}
        }
    }

    private static Started result(List<Started> results, int ordinal) {
        return ordinal < results.size()
                ? results.get(ordinal)
                : new Started.Declined(
                        new Cause(
                                Cause.Kind.INFRASTRUCTURE,
                                "the provider did not say what became of it"));
    }

    private void started(Container container, Started result) {
        switch (result) {
            case Started.Accepted(var ref) -> pass.put(container.start(ref, pass.now()));
            case Started.Declined(var why) -> {
                pass.put(container.stopped(why, pass.now()));
                pass.notUp(container, why);
            }
        }
    }

    private void answered(Container container) {
        var address = container.ref().flatMap(memory::address);
        if (address.isPresent()) {
            pass.put(container.ready(address.get(), pass.now()));
            pass.succeeded(container.image());
        }
    }

    private void initialised(Outcome.Initialised initialised) {
        var login = initialised.login();
        pass.holder(login.container())
                .filter(
                        a ->
                                a.id().equals(initialised.allocation())
                                        && a.state() == AllocationState.BINDING)
                .ifPresent(
                        allocation -> {
                            pass.put(login);
                            pass.put(allocation.activate(pass.now()));
                            pass.tell(allocation.id(), pass.now(), Phase.ACTIVE, "ready to use");
                        });
    }

    private void initRefused(Outcome.InitRefused refused) {
        var container = pass.container(refused.container());
        if (container.isEmpty() || container.get().state() != ContainerState.BOUND) {
            return;
        }
        var why = new Cause(Cause.Kind.AGENT, refused.why());
        pass.put(container.get().startStopping(why));
        pass.holder(refused.container()).ifPresent(allocation -> fallBack(allocation, why));
    }

    private void seen(Container container, Observation observation) {
        switch (observation) {
            case Observation.Gone(var why) -> lost(container, why);
            case Observation.Leaving(var why) -> leaving(container, why);
            case Observation.Pending _, Observation.Reachable _ -> {}
        }
    }

    /** Who works in it is told, once, and works on; to anybody else it is of no use any more. */
    private void leaving(Container container, Cause why) {
        var user =
                pass.holder(container.id())
                        .filter(allocation -> allocation.state() == AllocationState.ACTIVE);
        if (user.isEmpty()) {
            lost(container, why);
        } else if (!user.get().forewarned()) {
            pass.put(user.get().forewarn(containerLost(why)));
            pass.tell(user.get().id(), pass.now(), Phase.INTERRUPTED, why.text());
        }
    }

    private static EndReason containerLost(Cause why) {
        return new EndReason(EndReason.Code.CONTAINER_LOST, why.detail(), Optional.of(why.fault()));
    }

    /**
     * A container that runs no longer still has to be stopped, so that its provider clears up after
     * it.
     */
    private void lost(Container container, Cause why) {
        switch (container.state()) {
            case STARTING -> {
                pass.put(container.startStopping(why));
                pass.notUp(container, why);
            }
            case READY -> pass.put(container.startStopping(why));
            case BOUND -> {
                pass.put(container.startStopping(why));
                pass.holder(container.id()).ifPresent(allocation -> fallBack(allocation, why));
            }
            case REQUESTED, STOPPING, STOPPED -> {}
        }
    }

    private void fallBack(Allocation allocation, Cause why) {
        switch (allocation.state()) {
            case BINDING -> {
                var waiting = allocation.waitAgain();
                pass.put(waiting);
                pass.tell(allocation.id(), pass.now(), Phase.RETRYING, why.text());
                if (waiting.failedBindings() >= MOST_FAILED_BINDINGS) {
                    var end =
                            new EndReason(
                                    EndReason.Code.START_FAILED,
                                    MOST_FAILED_BINDINGS
                                            + " containers could not be initialised, the last"
                                            + " because: "
                                            + why.detail(),
                                    Optional.of(why.fault()));
                    Endings.end(pass, waiting, end);
                }
            }
            case ACTIVE -> Endings.startEnding(pass, allocation, containerLost(why));
            case WAITING, ENDING, ENDED -> {}
        }
    }

    private void ended(Container container) {
        var holder = pass.holder(container.id());
        pass.put(container.stopped(new Cause(Cause.Kind.STOPPED, "stopped"), pass.now()));
        holder.filter(allocation -> allocation.state() == AllocationState.ENDING)
                .ifPresent(
                        allocation -> {
                            var why = allocation.endReason().orElseThrow();
                            Endings.end(pass, allocation, why);
                        });
    }
}
