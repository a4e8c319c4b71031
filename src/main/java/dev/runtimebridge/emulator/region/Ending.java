package dev.runtimebridge.emulator.region;

import dev.runtimebridge.emulator.script.Fate;
import dev.runtimebridge.emulator.script.Phases;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The second half of a task's life: from the wish that it stop to the hour's end in which it can
 * still be described. Source of the order: "Amazon ECS task lifecycle" of the ECS developer guide.
 */
final class Ending {
    private static final int KILLED = 137;
    private static final int NOT_STARTED = 1;

    private final Steps steps;
    private final EmulatedClock clock;
    private final TaskRunner runner;
    private final Consumer<Task> gone;

    /**
     * Ends tasks.
     *
     * @param gone hears when a task can no longer be described
     */
    Ending(Steps steps, TaskRunner runner, Consumer<Task> gone) {
        this.steps = steps;
        this.clock = steps.clock();
        this.runner = runner;
        this.gone = gone;
    }

    /**
     * Ends a task; the first reason stays. Its status follows a little later. Before there is a
     * container it goes straight to DEPROVISIONING.
     */
    void stop(Task task, Instant when, TaskState.Stop why) {
        steps.locked(
                () -> {
                    if (!task.state().wanted()) {
                        return;
                    }
                    steps.change(task, state -> state.stopping(why).with(Moment.STOPPING, when));
                    steps.tell(task);
                    clock.at(when, () -> deactivate(task, when));
                });
    }

    private void deactivate(Task task, Instant when) {
        steps.locked(
                () -> {
                    if (task.hasContainer()) {
                        steps.reach(task, TaskStatus.DEACTIVATING);
                        steps.after(when, Phases::deactivating, due -> terminate(task, due));
                    } else if (task.state().last().compareTo(TaskStatus.DEPROVISIONING) < 0) {
                        deprovision(task, when);
                    }
                });
    }

    /** SIGTERM, and SIGKILL when the definition's stopTimeout is over. */
    private void terminate(Task task, Instant when) {
        steps.locked(
                () -> {
                    if (task.state().last() != TaskStatus.DEACTIVATING) {
                        return;
                    }
                    steps.reach(task, TaskStatus.STOPPING);
                    clock.beside(() -> runner.terminate(task.id()));
                    steps.later(
                            when,
                            Optional.of(task.order().definition().stopTimeout().most()),
                            _ -> {
                                if (task.hasContainer()) {
                                    clock.beside(
                                            () -> {
                                                runner.kill(task.id());
                                                exited(task, KILLED, "");
                                            });
                                }
                            });
                });
    }

    /** Its container could not be started; why, unless the task was to stop anyway. */
    void failed(Task task, TaskState.Stop why) {
        steps.locked(
                () -> {
                    if (task.state().wanted()) {
                        steps.change(
                                task,
                                state ->
                                        state.stopping(why).with(Moment.STOPPING, clock.instant()));
                    }
                    exited(task, NOT_STARTED, "");
                });
    }

    void exited(Task task, int code, String reason) {
        steps.locked(
                () -> {
                    if (!task.hasContainer()) {
                        return;
                    }
                    var when = clock.instant();
                    steps.change(
                            task,
                            state ->
                                    state.exited(code, reason)
                                            .with(Moment.EXECUTION_STOPPED, when));
                    if (task.state().wanted()) {
                        steps.change(
                                task,
                                state ->
                                        state.stopping(
                                                        new TaskState.Stop(
                                                                "EssentialContainerExited",
                                                                "Essential container in task"
                                                                        + " exited"))
                                                .with(Moment.STOPPING, when));
                    }
                    deprovision(task, when);
                });
    }

    private void deprovision(Task task, Instant when) {
        steps.reach(task, TaskStatus.DEPROVISIONING);
        steps.after(when, Phases::deprovisioning, due -> stopped(task, due));
    }

    private void stopped(Task task, Instant when) {
        steps.locked(
                () -> {
                    steps.change(task, state -> state.with(Moment.STOPPED, when));
                    steps.reach(task, TaskStatus.STOPPED);
                });
        clock.beside(() -> runner.kill(task.id()));
        steps.after(when, Phases::kept, _ -> gone.accept(task));
    }

    /** A scripted stop; a container that still runs ends by itself. */
    void strike(Task task, Instant when, Fate fate) {
        steps.locked(
                () -> {
                    if (!task.state().wanted()) {
                        return;
                    }
                    steps.change(
                            task,
                            state ->
                                    state.stopping(
                                                    new TaskState.Stop(
                                                            fate.stopCode(), fate.reason()))
                                            .with(Moment.STOPPING, when));
                    if (task.hasContainer()) {
                        clock.beside(() -> runner.kill(task.id()));
                        exited(task, fate.exitCode(), "");
                    } else {
                        deprovision(task, when);
                    }
                });
    }
}
