package dev.runtimebridge.provider.docker;

import com.github.dockerjava.api.exception.NotFoundException;

import dev.runtimebridge.provider.ContainerRef;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which containers were stopped, so that a start that is repeated late starts nothing. The engine
 * remembers: an empty volume with labels for each, since a container that is removed leaves
 * nothing.
 */
final class Tombstones {
    /** Longer than any batch is repeated. */
    private static final Duration KEPT = Duration.ofHours(2);

    private static final Duration BETWEEN_CLEANINGS = Duration.ofMinutes(5);

    private final Engine engine;
    private final Names names;
    private final InstantSource clock;
    private volatile Instant cleaned = Instant.MIN;

    Tombstones(Engine engine, Names names, InstantSource clock) {
        this.engine = engine;
        this.names = names;
        this.clock = clock;
    }

    /** The first reason counts. */
    void bury(ContainerRef ref, String why) {
        var labels = new HashMap<>(names.mark(ref));
        labels.put(Names.WHY, why);
        labels.put(Names.STOPPED_AT, Long.toString(clock.instant().getEpochSecond()));
        var name = names.tombstone(ref);
        engine.call(
                "note that " + ref + " is stopped",
                docker -> docker.createVolumeCmd().withName(name).withLabels(labels).exec());
    }

    /** Why this container was stopped. */
    Optional<String> why(ContainerRef ref) {
        return engine.call(
                "look whether " + ref + " was stopped",
                docker -> {
                    try {
                        var found = docker.inspectVolumeCmd(names.tombstone(ref)).exec();
                        return Optional.of(label(found.getLabels(), Names.WHY));
                    } catch (NotFoundException e) {
                        return Optional.empty();
                    }
                });
    }

    /** Forgets old ones, now and then. */
    void clean() {
        var now = clock.instant();
        if (cleaned.plus(BETWEEN_CLEANINGS).isAfter(now)) {
            return;
        }
        cleaned = now;
        var oldest = now.minus(KEPT).getEpochSecond();
        engine.call(
                "forget old stops",
                docker -> {
                    var volumes =
                            docker.listVolumesCmd().withFilter("label", names.filter()).exec();
                    for (var volume : volumes.getVolumes()) {
                        var at = label(volume.getLabels(), Names.STOPPED_AT);
                        if (!at.isEmpty() && Long.parseLong(at) < oldest) {
                            docker.removeVolumeCmd(volume.getName()).exec();
                        }
                    }
                    return volumes;
                });
    }

    private static String label(Map<String, String> labels, String name) {
        return labels == null ? "" : labels.getOrDefault(name, "");
    }
}
