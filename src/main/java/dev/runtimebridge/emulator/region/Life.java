package dev.runtimebridge.emulator.region;

import dev.runtimebridge.emulator.script.Fate;
import dev.runtimebridge.emulator.script.Phases;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The first half of a task's life, from RunTask to RUNNING. Every step carries the time it was due,
 * so that a late timer leaves no trace in a task's times. Source of the order: "Amazon ECS task
 * lifecycle" of the ECS developer guide.
 */
final class Life {
    private final Steps steps;
    private final Ending ending;
    private final EmulatedClock clock;
    private final TaskRunner runner;
    private final Function<Task, Map<String, String>> metadata;

    /**
     * A life for tasks.
     *
     * @param metadata the environment by which a container finds its metadata
     */
    Life(
            Steps steps,
            Ending ending,
            TaskRunner runner,
            Function<Task, Map<String, String>> metadata) {
        this.steps = steps;
        this.ending = ending;
        this.clock = steps.clock();
        this.runner = runner;
        this.metadata = metadata;
    }

    /** Starts with RunTask's answer: the task is PROVISIONING. */
    void begin(Task task, Instant created) {
        steps.tell(task);
        steps.after(created, Phases::provisioning, when -> pending(task, when));
        var shown =
                task.fated(Fate.Kind.NO_INTERFACE)
                        ? Optional.<Duration>empty()
                        : steps.draw(Phases::networkInterface);
        if (shown.isPresent()) {
            var when = created.plus(shown.get());
            clock.at(when, () -> clock.beside(() -> showInterface(task, when)));
        } else {
            steps.after(
                    created,
                    Phases::interfaceTimeout,
                    when ->
                            ending.stop(
                                    task,
                                    when,
                                    new TaskState.Stop(
                                            "TaskFailedToStart",
                                            "Timeout waiting for network interface provisioning"
                                                    + " to complete.")));
        }
        fates(task, TaskStatus.PROVISIONING, created);
    }

    private void pending(Task task, Instant when) {
        steps.locked(
                () -> {
                    if (task.state().wanted()) {
                        steps.reach(task, TaskStatus.PENDING);
                        fates(task, TaskStatus.PENDING, when);
                        steps.after(
                                when,
                                Phases::pending,
                                due ->
                                        steps.locked(
                                                () -> {
                                                    task.pendingIsOver();
                                                    pull(task, due);
                                                }));
                    }
                });
    }

    private void showInterface(Task task, Instant when) {
        TaskRunner.Place place;
        try {
            place = runner.reserve(task.id(), task.wantsPublicIp());
        } catch (IllegalStateException e) {
            ending.stop(
                    task,
                    when,
                    new TaskState.Stop(
                            "TaskFailedToStart", "ResourceInitializationError: " + e.getMessage()));
            return;
        }
        steps.locked(
                () -> {
                    if (!task.state().wanted()) {
                        clock.beside(() -> runner.kill(task.id()));
                        return;
                    }
                    steps.change(task, state -> state.with(Moment.CONNECTED, when).at(place));
                    steps.tell(task);
                    pull(task, when);
                });
    }

    /** Once PENDING is over and the interface is there, whichever is later. */
    private void pull(Task task, Instant when) {
        if (!task.mayPull()) {
            return;
        }
        steps.change(task, state -> state.with(Moment.PULL_STARTED, when));
        steps.reach(task, TaskStatus.ACTIVATING);
        fates(task, TaskStatus.ACTIVATING, when);
        steps.after(when, Phases::pull, due -> pulled(task, due));
    }

    private void pulled(Task task, Instant when) {
        steps.locked(
                () -> {
                    var place = task.state().place();
                    if (!task.state().wanted() || place == null) {
                        return;
                    }
                    steps.change(task, state -> state.with(Moment.PULL_STOPPED, when));
                    steps.reach(task, TaskStatus.ACTIVATING);
                    task.containerIsAskedFor();
                    var running = when.plus(steps.drawOrNone(Phases::start));
                    clock.beside(() -> start(task, place, running));
                });
    }

    private void start(Task task, TaskRunner.Place place, Instant running) {
        var environment = new HashMap<String, String>(task.order().environment());
        environment.putAll(metadata.apply(task));
        var silent = task.fated(Fate.Kind.SILENT_AGENT);
        var agent = steps.draw(Phases::agent).filter(_ -> !silent);
        try {
            runner.start(
                    new TaskRunner.Container(
                            task.arn(),
                            task.id(),
                            task.order().definition(),
                            place,
                            environment,
                            agent.map(running::plus),
                            steps.drawOrNone(Phases::stopping)),
                    watcher(task));
        } catch (IllegalStateException e) {
            var error =
                    e instanceof TaskRunner.ImageMissing
                            ? "CannotPullContainerError: "
                            : "CannotStartContainerError: ";
            ending.failed(task, new TaskState.Stop("TaskFailedToStart", error + e.getMessage()));
            return;
        }
        var now = clock.instant();
        var due = now.isAfter(running) ? now : running;
        clock.at(due, () -> running(task, due));
    }

    private TaskRunner.Watcher watcher(Task task) {
        return new TaskRunner.Watcher() {
            @Override
            public void answers(Instant when) {
                task.answered(when);
            }

            @Override
            public void exited(int code, String reason) {
                ending.exited(task, code, reason);
            }
        };
    }

    private void running(Task task, Instant when) {
        steps.locked(
                () -> {
                    if (task.state().wanted()) {
                        steps.change(task, state -> state.with(Moment.STARTED, when));
                        steps.reach(task, TaskStatus.RUNNING);
                        fates(task, TaskStatus.RUNNING, when);
                    }
                });
    }

    private void fates(Task task, TaskStatus reached, Instant when) {
        for (var fate : task.fates()) {
            if (fate.at().equals(reached.name())) {
                switch (fate.kind()) {
                    case STOP ->
                            steps.later(
                                    when,
                                    steps.draw(fate.after()),
                                    due -> ending.strike(task, due, fate));
                    case SPOT_NOTICE ->
                            steps.later(when, steps.draw(fate.after()), due -> notice(task, due));
                    case NO_INTERFACE, NO_PUBLIC_IP, SILENT_AGENT -> {}
                }
            }
        }
    }

    /**
     * A Spot interruption: the task is wanted to stop and gets SIGTERM at once; SIGKILL comes with
     * stopTimeout, two minutes later at most. Source: "Amazon ECS clusters for Fargate", Fargate
     * Spot termination notices, of the ECS developer guide.
     */
    void notice(Task task, Instant when) {
        if (task.spot()) {
            ending.stop(
                    task,
                    when,
                    new TaskState.Stop("SpotInterruption", "Your Spot Task was interrupted."));
        }
    }
}
