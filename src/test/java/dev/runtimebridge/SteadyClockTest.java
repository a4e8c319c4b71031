package dev.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

class SteadyClockTest {
    private static final Duration PAUSE = Duration.ofMillis(50);

    private Duration passed = Duration.ZERO;
    private Duration shift = Duration.ZERO;
    private Duration before = Duration.ZERO;
    private Duration after = Duration.ZERO;
    private final SteadyClock clock = new SteadyClock(this::readWall, () -> passed.toNanos());

    private Instant wall() {
        return Instant.EPOCH.plus(passed).plus(shift);
    }

    /** The thread may be kept from its core before and after. */
    private Instant readWall() {
        passed = passed.plus(before);
        var read = wall();
        passed = passed.plus(after);
        return read;
    }

    @Test
    void itIsTheWallsTime() {
        assertThat(clock.instant()).isEqualTo(wall());
        passed = passed.plus(PAUSE);
        assertThat(clock.instant()).isEqualTo(wall());
    }

    @Test
    void whoHasToPauseWhileReadingItDoesNotPutItAheadOfTheWall() {
        before = PAUSE;
        after = PAUSE.multipliedBy(2);
        clock.instant();
        before = Duration.ZERO;
        after = Duration.ZERO;
        assertThat(clock.instant()).isEqualTo(wall());
    }

    @Test
    void whereTheWallIsSetBackItGoesOn() {
        passed = passed.plus(PAUSE);
        var earlier = clock.instant();
        shift = Duration.ofHours(-1);
        assertThat(clock.instant()).isEqualTo(earlier);
        passed = passed.plus(PAUSE);
        assertThat(clock.instant()).isEqualTo(earlier.plus(PAUSE));
    }

    @Test
    void whereTheWallIsSetForwardItFollows() {
        clock.instant();
        shift = Duration.ofHours(1);
        assertThat(clock.instant()).isEqualTo(wall());
    }
}
