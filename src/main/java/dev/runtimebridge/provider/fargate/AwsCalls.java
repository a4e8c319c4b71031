package dev.runtimebridge.provider.fargate;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.failsafe.event.ExecutionAttemptedEvent;
import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.Cause.Kind;
import dev.runtimebridge.provider.ProviderException;
import dev.runtimebridge.provider.fargate.Verdict.Nature;

import io.github.bucket4j.BlockingStrategy;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import software.amazon.awssdk.core.exception.SdkException;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The one way to AWS, shared by all who call it from this process: keeps to the account's quotas,
 * repeats what may succeed later, and holds back what AWS refuses. Calls end in bounded time.
 */
final class AwsCalls {
    private static final Logger LOG = LoggerFactory.getLogger(AwsCalls.class);
    private static final int MOST_ATTEMPTS = 4;
    private static final Duration LONGEST_TURN = Duration.ofSeconds(10);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(3);

    private final Map<Limit, Throttle> throttles = new EnumMap<>(Limit.class);
    private final Verdicts verdicts;
    private final Trouble trouble;
    private final RetryPolicy<Object> retries;

    /**
     * How time passes for those who wait.
     *
     * @param waiting for a turn
     * @param firstDelay before a call is repeated: anything up to it, doubling from time to time
     * @param unseen how long AWS may not know a task that it has accepted
     */
    record Pace(
            InstantSource clock, BlockingStrategy waiting, Duration firstDelay, Duration unseen) {
        /** Tens of seconds were seen. */
        static final Duration UNSEEN = Duration.ofMinutes(2);

        static Pace of(InstantSource clock) {
            return new Pace(clock, BlockingStrategy.PARKING, Duration.ofMillis(200), UNSEEN);
        }
    }

    AwsCalls(Quotas quotas, Verdicts verdicts, Pace pace, RandomGenerator random) {
        for (var limit : Limit.values()) {
            throttles.put(limit, new Throttle(limit.rate(quotas), pace.clock, pace.waiting));
        }
        this.verdicts = verdicts;
        this.trouble = new Trouble(pace.clock);
        this.retries =
                RetryPolicy.builder()
                        .handleIf(e -> e instanceof Attempt failed && failed.verdict.repeatable())
                        .withMaxAttempts(MOST_ATTEMPTS)
                        .withDelayFn(
                                context ->
                                        jitter(pace.firstDelay, context.getAttemptCount(), random))
                        .onRetry(AwsCalls::log)
                        .build();
    }

    /**
     * Makes a call when its turn comes.
     *
     * @throws ProviderException when it fails in spite of repetitions
     */
    <T> T call(AwsAction action, Supplier<T> call) {
        return repeated(action, Optional.empty(), call);
    }

    /**
     * Makes a call that starts tasks. Repetitions start no further ones.
     *
     * @throws ProviderException when it fails in spite of repetitions
     */
    <T> T starting(Limit tasks, int count, Supplier<T> call) {
        turn(AwsAction.RUN_TASK, tasks, count);
        try {
            return repeated(AwsAction.RUN_TASK, Optional.of(tasks), call);
        } finally {
            throttle(tasks).answered(count);
        }
    }

    Throttle throttle(Limit limit) {
        return Objects.requireNonNull(throttles.get(limit));
    }

    /** What is wrong at AWS at the moment, one sentence; empty when nothing is known to be. */
    Optional<String> trouble() {
        return trouble.now();
    }

    private <T> T repeated(AwsAction action, Optional<Limit> also, Supplier<T> call) {
        var barred = trouble.barred(action);
        if (barred.isPresent()) {
            throw failed(barred.get().cause(), barred.get().repeatable(), null);
        }
        try {
            return Failsafe.with(retries).get(() -> attempt(action, also, call));
        } catch (Attempt failed) {
            var verdict = failed.verdict;
            if (verdict.nature() != Nature.WRONG && verdict.nature() != Nature.THROTTLED) {
                trouble.refused(action, verdict.cause(), verdict.repeatable());
            }
            throw failed(verdict.cause(), verdict.repeatable(), failed.getCause());
        } catch (FailsafeException e) {
            // Only being interrupted between two attempts gets here: nothing else is checked.
            Thread.currentThread().interrupt();
            throw failed(
                    new Cause(Kind.INFRASTRUCTURE, "interrupted in " + action.call()), true, e);
        }
    }

    private <T> T attempt(AwsAction action, Optional<Limit> also, Supplier<T> call) {
        var taken = new ArrayList<Limit>();
        try {
            for (var limit : action.limits()) {
                turn(action, limit, 1);
                taken.add(limit);
            }
            var answer = call.get();
            trouble.answered(action);
            return answer;
        } catch (SdkException e) {
            var verdict = verdicts.of(action, e);
            switch (verdict.nature()) {
                case THROTTLED -> {
                    LOG.warn("AWS throttles {}: its calls are made more slowly", action.call());
                    action.limits().forEach(limit -> throttle(limit).refused());
                    also.ifPresent(limit -> throttle(limit).refused());
                    trouble.answered(action);
                }
                case WRONG -> trouble.answered(action);
                case PASSING, REFUSED -> {}
            }
            throw new Attempt(verdict, e);
        } finally {
            taken.forEach(limit -> throttle(limit).answered(1));
        }
    }

    private void turn(AwsAction action, Limit limit, int tokens) {
        boolean taken;
        try {
            taken = throttle(limit).take(tokens, LONGEST_TURN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(
                    new Cause(Kind.INFRASTRUCTURE, "interrupted before " + action.call()), true, e);
        }
        if (!taken) {
            throw failed(
                    new Cause(
                                    Kind.CAPACITY,
                                    "more calls of "
                                            + action.call()
                                            + " wait than AWS takes in "
                                            + LONGEST_TURN.toSeconds()
                                            + " s")
                            .hint("have the account's rate raised if it goes on"),
                    true,
                    null);
        }
    }

    private static ProviderException failed(
            Cause cause, boolean repeatable, @Nullable Throwable origin) {
        return repeatable
                ? ProviderException.repeatable(cause, origin)
                : ProviderException.lasting(cause, origin);
    }

    /** Full jitter: callers that failed together do not come back together. */
    private static Duration jitter(Duration first, int attempts, RandomGenerator random) {
        var most = first.multipliedBy(1L << Math.min(attempts, 10));
        var bound = most.compareTo(LONGEST_DELAY) < 0 ? most : LONGEST_DELAY;
        return Duration.ofNanos(random.nextLong(bound.toNanos() + 1));
    }

    private static void log(ExecutionAttemptedEvent<Object> event) {
        LOG.debug("a call to AWS is repeated", event.getLastException());
    }

    /** One failed attempt. */
    @SuppressWarnings("serial") // never serialized
    private static final class Attempt extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final Verdict verdict;

        Attempt(Verdict verdict, SdkException origin) {
            super(verdict.cause().detail(), origin, false, false);
            this.verdict = verdict;
        }
    }
}
