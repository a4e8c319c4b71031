package dev.runtimeagent.limits;

import dev.runtimeagent.bridge.Limit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How often a control group's limits were reached, as its files say it. Source: "memory.events" and
 * "pids.events" of the kernel's cgroup-v2 page, "memory.oom_control" and "pids" of its cgroup-v1
 * pages.
 *
 * @param folder where the container has its own control group, {@code /sys/fs/cgroup}
 */
record Counters(Path folder) {
    private record Place(String file, String key) {}

    private static final List<Place> OF_MEMORY =
            List.of(
                    new Place("memory.events", "oom_kill"),
                    new Place("memory/memory.oom_control", "oom_kill"));

    private static final List<Place> OF_PROCESSES =
            List.of(new Place("pids.events", "max"), new Place("pids/pids.events", "max"));

    /** Since the container began; 0 where the kernel does not tell. */
    long of(Limit limit) {
        return switch (limit) {
            case MEMORY -> first(OF_MEMORY);
            case PROCESSES -> first(OF_PROCESSES);
        };
    }

    private long first(List<Place> places) {
        return places.stream()
                .filter(place -> Files.isReadable(folder.resolve(place.file)))
                .mapToLong(this::count)
                .findFirst()
                .orElse(0);
    }

    private long count(Place place) {
        try (var lines = Files.lines(folder.resolve(place.file))) {
            return lines.map(line -> line.split(" "))
                    .filter(words -> words.length == 2 && words[0].equals(place.key))
                    .mapToLong(words -> Long.parseLong(words[1]))
                    .findFirst()
                    .orElse(0);
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }
}
