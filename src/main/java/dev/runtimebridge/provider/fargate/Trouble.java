package dev.runtimebridge.provider.fargate;

import dev.runtimebridge.provider.Cause;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What AWS refuses, or that it cannot be reached: one alarm when it begins, one line when it is
 * over, and in between no more than a try now and then per action, so that nobody storms. Safe for
 * many threads.
 */
final class Trouble {
    private static final Logger LOG = LoggerFactory.getLogger(Trouble.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final InstantSource clock;
    private final Map<AwsAction, Refusal> refusals = new EnumMap<>(AwsAction.class);

    private record Refusal(Cause cause, boolean repeatable, Duration pause, Instant until) {}

    /** Why a call is not made. */
    record Barred(Cause cause, boolean repeatable) {}

    Trouble(InstantSource clock) {
        this.clock = clock;
    }

    /** Whether calls for this action fail at the moment without being made. */
    synchronized Optional<Barred> barred(AwsAction action) {
        var refusal = refusals.get(action);
        if (refusal == null) {
            return Optional.empty();
        }
        var now = clock.instant();
        if (refusal.until.isAfter(now)) {
            return Optional.of(new Barred(refusal.cause, refusal.repeatable));
        }
        // This caller tries; the others wait for what it finds.
        refusals.put(
                action,
                new Refusal(
                        refusal.cause, refusal.repeatable, refusal.pause, now.plus(refusal.pause)));
        return Optional.empty();
    }

    /** AWS would not do it, or was not there. */
    synchronized void refused(AwsAction action, Cause cause, boolean repeatable) {
        var before = refusals.get(action);
        if (before == null && !known(cause)) {
            LOG.error("ALARM: AWS {}: {}", action.permission(), cause.text());
        }
        var pause = before == null ? FIRST_PAUSE : longer(before.pause);
        refusals.put(action, new Refusal(cause, repeatable, pause, clock.instant().plus(pause)));
    }

    /** AWS answered. */
    synchronized void answered(AwsAction action) {
        var refusal = refusals.remove(action);
        if (refusal != null && !known(refusal.cause)) {
            LOG.info("AWS {} works again", action.permission());
        }
    }

    /** What is wrong now, for whoever runs the bridge; empty when nothing is. */
    synchronized Optional<String> now() {
        return refusals.values().stream().map(refusal -> refusal.cause.text()).findFirst();
    }

    /** One alarm for all actions that fail for the same reason. */
    private boolean known(Cause cause) {
        return refusals.values().stream()
                .anyMatch(refusal -> refusal.cause.detail().equals(cause.detail()));
    }

    private static Duration longer(Duration pause) {
        var doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }
}
