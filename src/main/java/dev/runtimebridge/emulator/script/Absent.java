package dev.runtimebridge.emulator.script;

import org.jspecify.annotations.Nullable;

/** What a file left out. */
final class Absent {
    private Absent() {}

    static <T> T or(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }
}
