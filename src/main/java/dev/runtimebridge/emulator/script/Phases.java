package dev.runtimebridge.emulator.script;

import java.time.Duration;

/**
 * How long each part of a task's life takes, in emulated time.
 *
 * @param provisioning PROVISIONING
 * @param networkInterface from RunTask until the interface's details are shown; the image's pull
 *     waits for it. Never: the task ends as AWS ends it, with {@code interfaceTimeout}
 * @param interfaceTimeout how long AWS waits for an interface
 * @param pending PENDING
 * @param pull the image's pull, the first part of ACTIVATING
 * @param start from the pull's end to RUNNING
 * @param agent from RUNNING until a stub agent answers; real agents take the time they take
 * @param deactivating DEACTIVATING
 * @param stopping from SIGTERM to the exit of a stub; real agents take the time they take
 * @param deprovisioning DEPROVISIONING
 * @param kept how long a stopped task can still be described
 */
public record Phases(
        Delay provisioning,
        Delay networkInterface,
        Delay interfaceTimeout,
        Delay pending,
        Delay pull,
        Delay start,
        Delay agent,
        Delay deactivating,
        Delay stopping,
        Delay deprovisioning,
        Delay kept) {

    /** PROVISIONING for 2 s, the interface at 3 s, the agent's first answer at 4 s. */
    public static Phases quick() {
        return new Phases(
                seconds(2),
                seconds(3),
                seconds(180),
                millis(500),
                millis(500),
                millis(300),
                millis(200),
                millis(50),
                millis(200),
                seconds(2),
                seconds(3600));
    }

    private static Delay seconds(long seconds) {
        return Delay.of(Duration.ofSeconds(seconds));
    }

    private static Delay millis(long millis) {
        return Delay.of(Duration.ofMillis(millis));
    }
}
