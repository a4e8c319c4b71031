package dev.runtimebridge.provider.fargate;

import dev.runtimebridge.provider.fargate.Quotas.Rate;

import io.github.bucket4j.BlockingStrategy;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One of AWS's token buckets, kept here so that AWS is never asked for what it would refuse. When
 * it refuses all the same, because somebody else in the account uses the same bucket, ours is
 * emptied and fills more slowly for a while. Safe for many threads; who comes first is served
 * first.
 *
 * <p>AWS counts a call when it arrives, which may be any time until it is answered. Its bucket
 * holds what ours does and what was taken for calls on their way there, and when that makes it full
 * it gains nothing. So what ours gains beyond that is given up.
 */
final class Throttle {
    private static final double SLOWER = 0.6;
    private static final double FASTER = 0.1;
    private static final double SLOWEST = 0.1;
    private static final Duration BETWEEN_CHANGES = Duration.ofSeconds(1);
    private static final Duration BEFORE_FASTER = Duration.ofSeconds(5);

    private final Rate rate;
    private final InstantSource clock;
    private final BlockingStrategy waiting;
    private final Bucket bucket;
    private final ReentrantLock turn = new ReentrantLock(true);
    private int unanswered;
    private double share = 1;
    private Instant changedAt = Instant.MIN;

    Throttle(Rate rate, InstantSource clock, BlockingStrategy waiting) {
        this.rate = rate;
        this.clock = clock;
        this.waiting = waiting;
        this.bucket =
                Bucket.builder()
                        .addLimit(
                                limit ->
                                        limit.capacity(rate.burst())
                                                .refillGreedy(
                                                        rate.perSecond(), Duration.ofSeconds(1)))
                        .withCustomTimePrecision(new Meter(clock))
                        .build();
    }

    /**
     * Waits for its turn. What is taken is to be {@link #answered} for.
     *
     * @return whether it came within {@code most}; otherwise nothing is taken
     */
    boolean take(int tokens, Duration most) throws InterruptedException {
        var until = clock.instant().plus(most);
        if (!turn.tryLock(most.toNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        try {
            long wait = tryTake(tokens);
            while (wait > 0 && !clock.instant().plusNanos(wait).isAfter(until)) {
                waiting.park(wait);
                wait = tryTake(tokens);
            }
            return wait == 0;
        } finally {
            turn.unlock();
        }
    }

    /** Takes them, or says in how many nanoseconds they are there at the earliest. */
    private synchronized long tryTake(int tokens) {
        recover();
        giveUpGains();
        var probe = bucket.tryConsumeAndReturnRemaining(counted(tokens));
        if (probe.isConsumed()) {
            unanswered += counted(tokens);
            return 0;
        }
        return Math.max(1, probe.getNanosToWaitForRefill()); // 0 where it rounds down
    }

    /** The call that these were taken for has ended; AWS has counted it by now, if ever. */
    synchronized void answered(int tokens) {
        giveUpGains();
        unanswered -= counted(tokens);
    }

    /** How many were taken for calls that go on. */
    synchronized int unanswered() {
        return unanswered;
    }

    private int counted(int tokens) {
        return Math.min(tokens, rate.burst());
    }

    private void giveUpGains() {
        if (unanswered > 0 && bucket.getAvailableTokens() + unanswered >= rate.burst()) {
            // Parts of a token are given up, too, which consuming cannot do.
            bucket.reset();
            bucket.consumeIgnoringRateLimits(unanswered);
        }
    }

    /** How many could be taken now without waiting; never negative. */
    synchronized int available() {
        recover();
        giveUpGains();
        return (int) Math.max(0, bucket.getAvailableTokens());
    }

    int burst() {
        return rate.burst();
    }

    /** Goes on as if nothing had been left at that time. */
    synchronized void emptyAt(Instant then) {
        var since = Duration.between(then, clock.instant());
        long filled = since.isNegative() ? 0 : since.toMillis() * rate.perSecond() / 1_000;
        if (filled < rate.burst()) {
            bucket.tryConsumeAsMuchAsPossible();
            if (filled > 0) {
                bucket.addTokens(filled);
            }
        }
    }

    /** AWS refused although we kept to our rate. */
    synchronized void refused() {
        bucket.tryConsumeAsMuchAsPossible();
        if (changedAt.plus(BETWEEN_CHANGES).isAfter(clock.instant())) {
            return;
        }
        change(Math.max(SLOWEST, share * SLOWER));
    }

    private void recover() {
        if (share < 1 && !changedAt.plus(BEFORE_FASTER).isAfter(clock.instant())) {
            change(Math.min(1, share + FASTER));
        }
    }

    private void change(double next) {
        share = next;
        changedAt = clock.instant();
        var slower =
                BucketConfiguration.builder()
                        .addLimit(
                                limit ->
                                        limit.capacity(rate.burst())
                                                .refillGreedy(perMinute(), Duration.ofMinutes(1)))
                        .build();
        bucket.replaceConfiguration(slower, TokensInheritanceStrategy.AS_IS);
    }

    private long perMinute() {
        return Math.max(1, Math.round(rate.perSecond() * 60 * share));
    }

    private record Meter(InstantSource clock) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            var now = clock.instant();
            return now.getEpochSecond() * 1_000_000_000L + now.getNano();
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }
}
