package dev.runtimebridge.provider.fargate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.provider.fargate.Quotas.Rate;
import dev.runtimebridge.testing.SettableClock;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;

class ThrottleTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    private final SettableClock clock = new SettableClock();

    /** Waiting is time passing. */
    private Throttle throttle(Rate rate) {
        return new Throttle(rate, clock, nanos -> clock.pass(Duration.ofNanos(nanos)));
    }

    @Property(tries = 50)
    void neverMoreThanAwsWouldTake(
            @ForAll @IntRange(min = 10, max = 200) int burst,
            @ForAll @IntRange(min = 1, max = 100) int perSecond,
            @ForAll @IntRange(min = 1, max = 10) int atOnce)
            throws InterruptedException {
        var throttle = throttle(new Rate(burst, perSecond));
        var began = clock.instant();
        long taken = 0;
        for (int call = 0; call < 300; call++) {
            assertThat(throttle.take(atOnce, LONG)).isTrue();
            taken += atOnce;
            double seconds = Duration.between(began, clock.instant()).toNanos() / 1e9;
            assertThat((double) taken).isLessThanOrEqualTo(burst + perSecond * seconds + 0.001);
        }
    }

    @Test
    void afterARestAwsMayCountWhatWeAskForALittleLaterThanWeDo() throws InterruptedException {
        var throttle = throttle(new Rate(100, 20));
        throttle.take(100, LONG);
        assertThat(duration(throttle, 20))
                .isBetween(Duration.ofMillis(1_250), Duration.ofMillis(1_300));
    }

    @Test
    void aBurstAfterARestIsWholeAndItsGainsAreGivenUp() throws InterruptedException {
        var throttle = throttle(new Rate(100, 20));
        var from = clock.instant();
        for (int batch = 0; batch < 10; batch++) {
            throttle.take(10, LONG);
            clock.pass(Duration.ofMillis(20));
        }
        assertThat(Duration.between(from, clock.instant())).isEqualTo(Duration.ofMillis(200));
        throttle.take(10, LONG);
        // AWS, which may count a quarter of a second later, has ten then.
        assertThat(Duration.between(from, clock.instant()))
                .isBetween(Duration.ofMillis(750), Duration.ofMillis(800));
    }

    @Test
    void aTurnThatIsTooFarAwayIsNotTaken() throws InterruptedException {
        var throttle = throttle(new Rate(10, 1));
        assertThat(throttle.take(10, LONG)).isTrue();
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
        clock.pass(Duration.ofMinutes(2));
        throttle.take(100, LONG);
        clock.pass(Duration.ofMinutes(2));
        var took = new ArrayList<Duration>();
        for (int i = 0; i < 12; i++) {
            throttle.take(Math.max(1, throttle.available()), LONG);
            took.add(duration(throttle, 100));
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

    private Duration duration(Throttle throttle, int tokens) throws InterruptedException {
        var from = clock.instant();
        throttle.take(tokens, LONG);
        return Duration.between(from, clock.instant());
    }
}
