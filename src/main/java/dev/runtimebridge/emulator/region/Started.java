package dev.runtimebridge.emulator.region;

import java.util.List;

/** What RunTask answers: tasks, and for each that could not be placed a failure. */
public record Started(List<Task> tasks, List<Failure> failures) {
    public Started {
        tasks = List.copyOf(tasks);
        failures = List.copyOf(failures);
    }
}
