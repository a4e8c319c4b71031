package dev.runtimebridge.emulator.region;

import dev.runtimebridge.emulator.script.Delay;
import dev.runtimebridge.emulator.script.Phases;
import dev.runtimebridge.emulator.script.Script;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Changes tasks, one step at a time, and schedules their next steps. */
final class Steps {
    private final EmulatedClock clock;
    private final Script script;
    private final Consumer<Task> changed;
    private final ReentrantLock lock = new ReentrantLock();

    /**
     * Steps in this time.
     *
     * @param changed hears of each change, in order
     */
    Steps(EmulatedClock clock, Script script, Consumer<Task> changed) {
        this.clock = clock;
        this.script = script;
        this.changed = changed;
    }

    /** One step at a time. */
    void locked(Runnable step) {
        lock.lock();
        try {
            step.run();
        } finally {
            lock.unlock();
        }
    }

    void change(Task task, UnaryOperator<TaskState> how) {
        task.become(how.apply(task.state()));
    }

    void tell(Task task) {
        changed.accept(task);
    }

    void reach(Task task, TaskStatus status) {
        change(task, state -> state.reached(status));
        tell(task);
    }

    /** Does something when a phase that begins then is over; never, where that never is. */
    void after(Instant when, Function<Phases, Delay> phase, Consumer<Instant> step) {
        later(when, draw(phase), step);
    }

    /** The same with a time that is known. */
    void later(Instant when, Optional<Duration> delay, Consumer<Instant> step) {
        delay.ifPresent(
                time -> {
                    var due = when.plus(time);
                    clock.at(due, () -> step.accept(due));
                });
    }

    Optional<Duration> draw(Function<Phases, Delay> phase) {
        return script.draw(scenario -> phase.apply(scenario.phases()));
    }

    Optional<Duration> draw(Delay delay) {
        return script.draw(_ -> delay);
    }

    Duration drawOrNone(Function<Phases, Delay> phase) {
        return draw(phase).orElse(Duration.ZERO);
    }

    EmulatedClock clock() {
        return clock;
    }
}
