package dev.runtimebridge.emulator.region;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Client tokens of RunTask. Source: "Ensuring idempotency" of the ECS API reference: scoped to the
 * cluster; the same token with the same parameters gives the first answer again, with others a
 * ConflictException; it lives for the lesser of 24 hours and a task's life plus an hour. With
 * several tasks the first to end counts here, the harshest reading.
 */
final class ClientTokens {
    private static final Duration LONGEST_LIFE = Duration.ofHours(24);
    private static final Duration AFTER_THE_END = Duration.ofHours(1);

    private final Map<Scoped, Use> uses = new HashMap<>();

    private record Scoped(String cluster, String token) {}

    /** What a token was used for. */
    record Use(String fingerprint, Started started, Instant when) {
        boolean over(Instant now) {
            return now.isAfter(when.plus(LONGEST_LIFE))
                    || started.tasks().stream()
                            .map(task -> task.state().when(Moment.STOPPED))
                            .flatMap(Optional::stream)
                            .anyMatch(stopped -> now.isAfter(stopped.plus(AFTER_THE_END)));
        }
    }

    /**
     * What the order's token gave before, if it still counts.
     *
     * @throws AwsException ConflictException when it was used for something else
     */
    Optional<Started> earlier(TaskOrder order, Instant now) {
        var scoped = new Scoped(order.cluster(), order.clientToken());
        var use = uses.get(scoped);
        if (use == null || use.over(now)) {
            uses.remove(scoped);
            return Optional.empty();
        }
        if (!use.fingerprint().equals(order.fingerprint())) {
            throw new AwsException(
                    400,
                    "ConflictException",
                    "The provided client token is already in use with a different RunTask request.",
                    Map.of("resourceIds", use.started().tasks().stream().map(Task::arn).toList()));
        }
        return Optional.of(use.started());
    }

    /** Remembers what came of an order; one that started nothing has not used its token up. */
    void used(TaskOrder order, Started started, Instant now) {
        if (!order.clientToken().isEmpty() && !started.tasks().isEmpty()) {
            uses.put(
                    new Scoped(order.cluster(), order.clientToken()),
                    new Use(order.fingerprint(), started, now));
        }
    }
}
