package dev.runtimebridge.fleet;

import dev.runtimebridge.allocation.Allocation;
import dev.runtimebridge.allocation.AllocationState;
import dev.runtimebridge.allocation.EndReason;
import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.provider.Cause;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Ends what takes too long. A container that is busy with something that comes to an end gets more
 * time, and so do as many of those who wait for its image.
 */
final class Deadlines {
    /**
     * A request is not repeated for longer: providers remember its key for an hour after what it
     * started has ended, and nobody may know of that end.
     */
    private static final Duration REPEATED_FOR = Duration.ofMinutes(55);

    private final FleetSettings settings;

    Deadlines(FleetSettings settings) {
        this.settings = settings;
    }

    void run(Pass pass, Memory memory) {
        requested(pass);
        starting(pass, memory);
        waiting(pass, memory);
    }

    private void requested(Pass pass) {
        var limit = settings.startDeadline();
        if (limit.compareTo(REPEATED_FOR) > 0) {
            limit = REPEATED_FOR;
        }
        for (var container : pass.containers(ContainerState.REQUESTED)) {
            if (past(container.requestedAt(), limit, pass.now())) {
                // Whatever the provider may have started of it all the same, the sweep for orphans
                // ends.
                pass.put(
                        container.stopped(
                                new Cause(
                                        Cause.Kind.LOST,
                                        "the provider could not be told to start it"),
                                pass.now()));
            }
        }
    }

    private void starting(Pass pass, Memory memory) {
        for (var container : pass.containers(ContainerState.STARTING)) {
            if (late(container, memory, pass.now())) {
                var took = Duration.between(container.requestedAt(), pass.now());
                var last = container.ref().flatMap(memory::phase);
                var why =
                        new Cause(
                                        Cause.Kind.TIMED_OUT,
                                        "its agent did not answer within "
                                                + took.toSeconds()
                                                + " s"
                                                + last.map(p -> ", last seen: " + p).orElse(""))
                                .hint(
                                        "look at the container's log, and whether the bridge can"
                                                + " reach its agent's port");
                pass.put(container.startStopping(why));
                pass.notUp(container, why);
            }
        }
    }

    /** One that nobody has looked at since the bridge started may be busy. */
    private boolean late(Container container, Memory memory, Instant now) {
        var ref = container.ref().orElseThrow();
        boolean mayBeBusy = memory.busy(ref) || !memory.hasSeen(ref);
        return past(
                container.requestedAt(),
                mayBeBusy ? longer(settings.startDeadline()) : settings.startDeadline(),
                now);
    }

    private void waiting(Pass pass, Memory memory) {
        Map<ImageId, Integer> spared = new HashMap<>();
        for (var container : pass.containers(ContainerState.STARTING)) {
            if (container.ref().filter(memory::busy).isPresent()) {
                spared.merge(container.image(), 1, Integer::sum);
            }
        }
        for (var allocation : pass.allocations(AllocationState.WAITING)) {
            if (!past(allocation.createdAt(), settings.launchDeadline(), pass.now())) {
                continue;
            }
            int left = spared.merge(allocation.image(), -1, Integer::sum);
            var limit = left >= 0 ? longer(settings.launchDeadline()) : settings.launchDeadline();
            if (past(allocation.createdAt(), limit, pass.now())) {
                giveUp(pass, memory, allocation);
            }
        }
    }

    private static void giveUp(Pass pass, Memory memory, Allocation allocation) {
        var last = memory.streak(allocation.image(), pass.now()).map(Memory.Streak::why);
        var detail =
                "no container came up within "
                        + Duration.between(allocation.createdAt(), pass.now()).toSeconds()
                        + " s"
                        + last.map(why -> "; the last one failed: " + why.detail()).orElse("");
        Endings.end(
                pass,
                allocation,
                new EndReason(EndReason.Code.LAUNCH_TIMED_OUT, detail, last.map(Cause::fault)));
    }

    private Duration longer(Duration usual) {
        return usual.compareTo(settings.busyLimit()) < 0 ? settings.busyLimit() : usual;
    }

    private static boolean past(Instant from, Duration limit, Instant now) {
        return from.plus(limit).isBefore(now);
    }
}
