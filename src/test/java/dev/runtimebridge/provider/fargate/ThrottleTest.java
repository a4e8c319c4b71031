package dev.runtimebridge.provider.fargate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.provider.fargate.Quotas.Rate;
import dev.runtimebridge.testing.SettableClock;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;

class ThrottleTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    private final SettableClock clock = new SettableClock();

    /** Waiting is time passing. */
    private Throttle throttle(Rate rate) {
        return new Throttle(rate, clock, nanos -> clock.pass(Duration.ofNanos(nanos)));
    }

    /** Each call takes its own time to arrive, and once more as long at most to be answered. */
    @Property(tries = 200)
    void neverMoreThanAwsHasWhenACallArrives(
            @ForAll @IntRange(min = 10, max = 100) int burst,
            @ForAll @IntRange(min = 1, max = 50) int perSecond,
            @ForAll @IntRange(min = 1, max = 10) int atOnce,
            @ForAll @Size(200) List<@IntRange(max = 5_000) Integer> waysMillis,
            @ForAll @Size(200) List<@IntRange(max = 3_000) Integer> pausesMillis)
            throws InterruptedException {
        var aws = new Aws(burst, perSecond, clock.instant());
        var underWay = new PriorityQueue<Call>(Comparator.comparing(Call::answer));
        var made = new Throttle[1];
        Consumer<Duration> pass =
                time -> {
                    var until = clock.instant().plus(time);
                    while (!underWay.isEmpty() && !underWay.peek().answer.isAfter(until)) {
                        var next = underWay.poll();
                        clock.pass(Duration.between(clock.instant(), next.answer));
                        made[0].answered(atOnce);
                    }
                    clock.pass(Duration.between(clock.instant(), until));
                };
        made[0] =
                new Throttle(
                        new Rate(burst, perSecond),
                        clock,
                        nanos -> pass.accept(Duration.ofNanos(nanos)));
        var arrivals = new ArrayList<Instant>();
        for (int i = 0; i < waysMillis.size(); i++) {
            if (pausesMillis.get(i) < 100) {
                pass.accept(Duration.ofMillis(pausesMillis.get(i) * 100L));
            }
            assertThat(made[0].take(atOnce, LONG)).isTrue();
            var arrival = clock.instant().plusMillis(waysMillis.get(i) / 2);
            arrivals.add(arrival);
            underWay.add(new Call(arrival.plusMillis(waysMillis.get(i) / 2)));
        }
        arrivals.sort(Comparator.naturalOrder());
        arrivals.forEach(
                arrival ->
                        assertThat(aws.leftAfter(atOnce, arrival))
                                .as("what is left but for rounding, in billionths")
                                .isGreaterThan(-1_000));
    }

    private record Call(Instant answer) {}

    /** AWS's own bucket, in billionths of a token. */
    private static final class Aws {
        private static final long BILLION = 1_000_000_000;
        private final long burst;
        private final int perSecond;
        private long level;
        private Instant at;

        Aws(int burst, int perSecond, Instant from) {
            this.burst = burst * BILLION;
            this.perSecond = perSecond;
            this.level = this.burst;
            this.at = from;
        }

        long leftAfter(int tokens, Instant arrival) {
            long gained = Duration.between(at, arrival).toNanos() * perSecond;
            level = Math.min(burst, level + gained) - tokens * BILLION;
            at = arrival;
            return level;
        }
    }

    @Test
    void nothingIsGainedUntilTheFirstCallAfterARestIsAnswered() throws InterruptedException {
        var throttle = throttle(new Rate(100, 20));
        throttle.take(100, LONG);
        clock.pass(Duration.ofSeconds(3));
        assertThat(throttle.available()).isZero();
        throttle.answered(100);
        assertThat(duration(throttle, 20)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aBurstAfterARestIsWhole() throws InterruptedException {
        var throttle = throttle(new Rate(100, 20));
        for (int batch = 0; batch < 10; batch++) {
            assertThat(duration(throttle, 10)).isZero();
            clock.pass(Duration.ofMillis(20));
        }
        // One was answered, so that as much is gained at most while the others are under way.
        throttle.answered(10);
        assertThat(duration(throttle, 10)).isEqualTo(Duration.ofMillis(500));
        clock.pass(Duration.ofSeconds(3));
        assertThat(throttle.available()).isZero();
    }

    @Test
    void aTurnThatIsTooFarAwayIsNotTaken() throws InterruptedException {
        var throttle = throttle(new Rate(10, 1));
        takeAnswered(throttle, 10);
        var before = clock.instant();
        assertThat(throttle.take(10, Duration.ofSeconds(5))).isFalse();
        assertThat(clock.instant()).isEqualTo(before);
        assertThat(throttle.take(3, Duration.ofSeconds(5))).isTrue();
    }

    @Test
    void whatAwsRefusedAllTheSameIsAskedForMoreSlowlyAndThenAsBefore() throws InterruptedException {
        var throttle = throttle(new Rate(100, 20));
        throttle.refused();
        assertThat(throttle.available()).isZero();
        assertThat(duration(throttle, 20))
                .isBetween(Duration.ofMillis(1_500), Duration.ofSeconds(2));
        throttle.answered(20);
        clock.pass(Duration.ofMinutes(2));
        takeAnswered(throttle, 100);
        clock.pass(Duration.ofMinutes(2));
        var took = new ArrayList<Duration>();
        for (int i = 0; i < 12; i++) {
            takeAnswered(throttle, Math.max(1, throttle.available()));
            took.add(duration(throttle, 100));
            throttle.answered(100);
        }
        assertThat(took.getLast()).isBetween(Duration.ofMillis(4_900), Duration.ofMillis(5_100));
    }

    @Test
    void aBridgeThatTakesOverBeginsWithWhatCanHaveFilledSince() {
        var throttle = throttle(new Rate(100, 20));
        throttle.emptyAt(clock.instant().minusSeconds(2));
        assertThat(throttle.available()).isEqualTo(40);
        throttle.emptyAt(clock.instant());
        assertThat(throttle.available()).isZero();
        clock.pass(Duration.ofSeconds(10));
        throttle.emptyAt(clock.instant().minusSeconds(60));
        assertThat(throttle.available()).isEqualTo(100);
    }

    @Test
    void refusalsOfOneMomentCountOnce() throws InterruptedException {
        var throttle = throttle(new Rate(100, 20));
        for (int i = 0; i < 50; i++) {
            throttle.refused();
        }
        assertThat(duration(throttle, 20)).isLessThan(Duration.ofSeconds(2));
    }

    /** How long taking them takes. */
    private Duration duration(Throttle throttle, int tokens) throws InterruptedException {
        var from = clock.instant();
        throttle.take(tokens, LONG);
        return Duration.between(from, clock.instant());
    }

    private void takeAnswered(Throttle throttle, int tokens) throws InterruptedException {
        throttle.take(tokens, LONG);
        throttle.answered(tokens);
    }
}
