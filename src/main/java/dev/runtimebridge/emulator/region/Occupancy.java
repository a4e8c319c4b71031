package dev.runtimebridge.emulator.region;

import dev.runtimebridge.emulator.script.Subnet;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** How many tasks are in each subnet, and so whether there is room for one more. */
final class Occupancy {
    private final Map<String, Integer> counts = new HashMap<>();

    /** Takes a place, unless there is none: then says why. */
    synchronized Optional<Failure> enter(Subnet subnet, String provider) {
        int room = provider.equals(TaskOrder.SPOT) ? subnet.spotCapacity() : subnet.capacity();
        var alike = subnet.id() + " " + provider;
        if (free(subnet) <= 0) {
            return Optional.of(Failure.addresses(subnet.id()));
        }
        if (room >= 0 && counts.getOrDefault(alike, 0) >= room) {
            return Optional.of(Failure.capacity());
        }
        counts.merge(subnet.id(), 1, Integer::sum);
        counts.merge(alike, 1, Integer::sum);
        return Optional.empty();
    }

    /** How many addresses are left. */
    synchronized int free(Subnet subnet) {
        return subnet.freeAddresses() - counts.getOrDefault(subnet.id(), 0);
    }

    /** A task that has stopped leaves its place. */
    synchronized void heard(Task task) {
        if (task.state().last() == TaskStatus.STOPPED) {
            counts.merge(task.subnet().id(), -1, Integer::sum);
            counts.merge(task.subnet().id() + " " + task.provider(), -1, Integer::sum);
        }
    }
}
