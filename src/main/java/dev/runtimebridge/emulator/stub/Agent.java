package dev.runtimebridge.emulator.stub;

import dev.runtimebridge.emulator.region.TaskRunner;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One stub agent. What it was told is kept as the real one keeps it: the first key stays. */
final class Agent {
    private final TaskRunner.Place place;
    private final List<Closeable> held = new ArrayList<>();
    private Optional<Started> started = Optional.empty();
    private String key = "";
    private boolean over;

    /** Its container, and who hears of it. */
    record Started(TaskRunner.Container container, TaskRunner.Watcher watcher) {}

    Agent(TaskRunner.Place place) {
        this.place = place;
    }

    TaskRunner.Place place() {
        return place;
    }

    synchronized void start(TaskRunner.Container container, TaskRunner.Watcher watcher) {
        started = Optional.of(new Started(container, watcher));
    }

    synchronized Optional<Started> started() {
        return started;
    }

    synchronized String arn() {
        return started.map(it -> it.container().arn()).orElse("");
    }

    /** Whether init has happened. */
    synchronized boolean initialised() {
        return !key.isEmpty();
    }

    /** Whether this is the first key, or the same again. */
    synchronized boolean accepts(String given) {
        if (key.isEmpty()) {
            key = given;
        }
        return key.equals(given);
    }

    /** Holds on to something until {@link #end}; closes it at once when that has been. */
    synchronized void hold(Closeable resource) {
        if (over) {
            close(resource);
        } else {
            held.add(resource);
        }
    }

    synchronized void letGo() {
        held.forEach(Agent::close);
        held.clear();
    }

    synchronized void end() {
        over = true;
        letGo();
    }

    synchronized boolean over() {
        return over;
    }

    private static void close(Closeable resource) {
        try {
            resource.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
