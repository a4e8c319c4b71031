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

/**
 * One of AWS's token buckets, kept here so that AWS is never asked for what it would refuse. When
 * it refuses all the same, because somebody else in the account uses the same bucket, ours is
 * emptied and fills more slowly for a while. Safe for many threads; who comes first is served
 * first.
 */
final class Throttle {
    /**
     * AWS counts a call when it arrives, so that after a rest its bucket begins to fill so much
     * later than ours at most: what ours gains meanwhile is given up. What was in it is not.
     */
    private static final Duration LONGEST_WAY = Duration.ofMillis(250);

    private static final double SLOWER = 0.6;
    private static final double FASTER = 0.1;
    private static final double SLOWEST = 0.1;
    private static final Duration BETWEEN_CHANGES = Duration.ofSeconds(1);
    private static final Duration BEFORE_FASTER = Duration.ofSeconds(5);

    private final Rate rate;
    private final InstantSource clock;
    private final BlockingStrategy waiting;
    private final Bucket bucket;
    private long owed;
    private long givenUp;
    private Instant restEnded = Instant.MIN;
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
     * Waits for its turn.
     *
     * @return whether it came within {@code most}; otherwise nothing is taken
     */
    boolean take(int tokens, Duration most) throws InterruptedException {
        recover();
        int wanted = Math.min(tokens, rate.burst());
        giveUpGains(wanted);
        return bucket.asBlocking().tryConsume(wanted, most, waiting);
    }

    /** What was gained since a rest ended, as far as AWS may not have begun to count. */
    private synchronized void giveUpGains(int wanted) {
        var now = clock.instant();
        long there = bucket.getAvailableTokens();
        if (there >= rate.burst()) {
            owed = Math.max(1, gained(LONGEST_WAY));
            givenUp = 0;
            restEnded = now;
        } else if (givenUp < owed) {
            long due = Math.min(owed, gained(Duration.between(restEnded, now))) - givenUp;
            // Whoever has to wait would wait too little.
            long given = there - due < wanted ? owed - givenUp : due;
            if (given > 0) {
                bucket.consumeIgnoringRateLimits(given);
                givenUp += given;
            }
        }
    }

    private long gained(Duration time) {
        return rate.perSecond() * Math.min(time.toMillis(), LONGEST_WAY.toMillis()) / 1_000;
    }

    /** How many could be taken now without waiting; never negative. */
    int available() {
        recover();
        giveUpGains(0);
        return (int) Math.max(0, bucket.getAvailableTokens());
    }

    int burst() {
        return rate.burst();
    }

    /** Goes on as if nothing had been left at that time. */
    void emptyAt(Instant then) {
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

    private synchronized void recover() {
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
