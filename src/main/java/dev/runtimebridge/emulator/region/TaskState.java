package dev.runtimebridge.emulator.region;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is so with a task at one time. Immutable, so that it can be read while the task goes on.
 *
 * @param last its {@code lastStatus}
 * @param version counts its changes, from 1
 * @param place of its interface, once that is shown
 * @param times only what has happened
 * @param stop why it is to stop; its {@code desiredStatus} is STOPPED from then on
 * @param exitCode of its container, once that has ended
 * @param exitReason what ECS says beside it, mostly nothing
 */
public record TaskState(
        TaskStatus last,
        long version,
        TaskRunner.@Nullable Place place,
        Map<Moment, Instant> times,
        @Nullable Stop stop,
        @Nullable Integer exitCode,
        String exitReason) {

    /**
     * Why a task stops.
     *
     * @param code {@code UserInitiated}, {@code TaskFailedToStart} ...
     * @param reason a sentence
     */
    public record Stop(String code, String reason) {}

    static TaskState created(Instant when) {
        return new TaskState(
                TaskStatus.PROVISIONING, 1, null, Map.of(Moment.CREATED, when), null, null, "");
    }

    TaskState reached(TaskStatus next) {
        return new TaskState(next, version + 1, place, times, stop, exitCode, exitReason);
    }

    /** Part of a change that another call completes. */
    TaskState with(Moment moment, Instant when) {
        var all = new EnumMap<Moment, Instant>(times);
        all.put(moment, when);
        return new TaskState(last, version, place, all, stop, exitCode, exitReason);
    }

    TaskState at(TaskRunner.Place shown) {
        return new TaskState(last, version + 1, shown, times, stop, exitCode, exitReason);
    }

    TaskState stopping(Stop why) {
        return new TaskState(last, version + 1, place, times, why, exitCode, exitReason);
    }

    TaskState exited(int code, String reason) {
        return new TaskState(last, version, place, times, stop, code, reason);
    }

    public Optional<Instant> when(Moment moment) {
        return Optional.ofNullable(times.get(moment));
    }

    /** Whether it is not wanted to stop, nor stopped. */
    public boolean wanted() {
        return stop == null;
    }
}
