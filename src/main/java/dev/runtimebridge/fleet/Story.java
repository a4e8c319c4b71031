package dev.runtimebridge.fleet;

import dev.runtimebridge.allocation.Allocation;
import dev.runtimebridge.allocation.AllocationState;
import dev.runtimebridge.allocation.Event.Phase;
import dev.runtimebridge.allocation.ImageId;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Tells those who wait how far a container is that may become theirs. Nobody owns a container
 * before it is ready, so the oldest who waits is told of the one that was asked for first, and so
 * on.
 */
final class Story {
    private Story() {}

    static void tell(Pass pass) {
        Map<ImageId, Iterator<Allocation>> queues = new HashMap<>();
        for (var container : pass.containers(ContainerState.REQUESTED, ContainerState.STARTING)) {
            var queue = queues.computeIfAbsent(container.image(), image -> waitingFor(pass, image));
            if (!queue.hasNext()) {
                continue;
            }
            var allocation = queue.next();
            if (pass.moved(container)) {
                boolean starting = container.state() == ContainerState.STARTING;
                pass.tell(
                        allocation.id(),
                        pass.now(),
                        starting ? Phase.STARTING : Phase.REQUESTED,
                        starting ? "the provider starts a container" : "a container is asked for");
            }
        }
    }

    private static Iterator<Allocation> waitingFor(Pass pass, ImageId image) {
        return pass.allocations(AllocationState.WAITING).stream()
                .filter(allocation -> allocation.image().equals(image))
                .iterator();
    }
}
