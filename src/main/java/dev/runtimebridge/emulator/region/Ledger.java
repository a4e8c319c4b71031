package dev.runtimebridge.emulator.region;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Every task that was ever started here, what it costs and why it ended. */
public final class Ledger {
    private final InstantSource clock;
    private final List<Task> tasks = new ArrayList<>();

    Ledger(InstantSource clock) {
        this.clock = clock;
    }

    synchronized void add(Task task) {
        tasks.add(task);
    }

    /** All tasks in the order they were asked for. */
    public List<LedgerEntry> started() {
        var now = clock.instant();
        return all().stream().map(task -> LedgerEntry.of(task, now)).toList();
    }

    /** Those that have not reached STOPPED. */
    public List<LedgerEntry> running() {
        return started().stream().filter(LedgerEntry::goesOn).toList();
    }

    /** What all of them cost so far, in task-seconds. */
    public Duration billed() {
        return started().stream().map(LedgerEntry::billed).reduce(Duration.ZERO, Duration::plus);
    }

    private synchronized List<Task> all() {
        return List.copyOf(tasks);
    }
}
