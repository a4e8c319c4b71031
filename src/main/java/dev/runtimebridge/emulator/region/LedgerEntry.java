package dev.runtimebridge.emulator.region;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One task in the ledger.
 *
 * @param definition {@code family:revision}
 * @param clientToken empty for none
 * @param startedBy empty for none
 * @param address the private one, once it is known
 * @param askedAt when RunTask asked for it
 * @param answeredAt when its agent first could answer, where the runner tells
 * @param billedFrom the start of the image's pull
 * @param billedTo when it stopped; empty while it goes on
 * @param billed what is to be paid so far: whole seconds, a minute at least, nothing before a pull
 * @param stoppedAt when it had reached STOPPED
 * @param stopCode why it ended; empty while it goes on
 * @param reason the same in words
 */
public record LedgerEntry(
        String arn,
        String definition,
        String cluster,
        String subnet,
        boolean spot,
        String clientToken,
        String startedBy,
        TaskStatus status,
        Optional<String> address,
        Instant askedAt,
        Optional<Instant> answeredAt,
        Optional<Instant> billedFrom,
        Optional<Instant> billedTo,
        Duration billed,
        Optional<Instant> stoppedAt,
        String stopCode,
        String reason) {

    /** Source: AWS Fargate pricing. */
    private static final Duration LEAST_BILLED = Duration.ofMinutes(1);

    static LedgerEntry of(Task task, Instant now) {
        var state = task.state();
        var from = state.when(Moment.PULL_STARTED);
        var to = from.flatMap(_ -> state.when(Moment.STOPPED));
        return new LedgerEntry(
                task.arn(),
                task.order().definition().name(),
                task.order().cluster(),
                task.subnet().id(),
                task.spot(),
                task.order().clientToken(),
                task.order().startedBy(),
                state.last(),
                Optional.ofNullable(state.place()).map(TaskRunner.Place::privateIp),
                state.when(Moment.CREATED).orElseThrow(),
                task.answeredAt(),
                from,
                to,
                from.map(began -> billed(began, to.orElse(now))).orElse(Duration.ZERO),
                state.when(Moment.STOPPED),
                state.stop() == null ? "" : state.stop().code(),
                state.stop() == null ? "" : state.stop().reason());
    }

    /** Whether it exists at AWS, and is paid for or will be. */
    public boolean goesOn() {
        return stoppedAt.isEmpty();
    }

    private static Duration billed(Instant from, Instant to) {
        var lasted = Duration.between(from, to);
        var whole = Duration.ofSeconds(lasted.plusNanos(999_999_999).toSeconds());
        return whole.compareTo(LEAST_BILLED) < 0 ? LEAST_BILLED : whole;
    }
}
