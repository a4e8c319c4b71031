package dev.runtimebridge;

import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.catalog.ImageChange;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an {@code up} brings along beside its bridge, so that the provider has something to run on.
 * It is there before the bridge and ends after it.
 */
interface Companion extends AutoCloseable {
    /** The settings that lead the bridge to it. */
    Map<String, String> settings();

    /** An address of this machine where containers find the bridge, if not on the loopback. */
    default Optional<String> agentDoor() {
        return Optional.empty();
    }

    /** What an entry of the catalogue lacks to be run there; empty where it lacks nothing. */
    default Optional<ImageChange> completing(Image image) {
        return Optional.empty();
    }

    /**
     * Why nothing that an earlier up ran can still be there, for people to read; empty where it may
     * be.
     */
    default Optional<String> startsEmpty() {
        return Optional.empty();
    }

    /** Whether users find their files again when they launch again. */
    default boolean keepsFiles() {
        return true;
    }

    /** What it means for users that it is used, for people to read. */
    default List<String> notes() {
        return List.of();
    }

    @Override
    default void close() {}

    /** Nothing but settings. */
    static Companion of(Map<String, String> settings) {
        return () -> settings;
    }

    /** None: the bridge runs containers by itself. */
    static Companion none() {
        return of(Map.of());
    }
}
