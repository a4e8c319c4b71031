package dev.runtimebridge.http;

import static dev.runtimebridge.http.Comebacks.EACH_SECOND;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.TimeMeter;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.TreeMap;

class ComebacksTest {
    private static final Duration SOONEST = Duration.ofSeconds(2);

    private Duration now = Duration.ofHours(1);
    private final Comebacks comebacks =
            new Comebacks(
                    SOONEST,
                    new TimeMeter() {
                        @Override
                        public long currentTimeNanos() {
                            return now.toNanos();
                        }

                        @Override
                        public boolean isWallClockBased() {
                            return false;
                        }
                    });

    /** How many of these are told which time. */
    private TreeMap<Duration, Integer> told(int callers) {
        var told = new TreeMap<Duration, Integer>();
        for (int i = 0; i < callers; i++) {
            told.merge(comebacks.next(), 1, Integer::sum);
        }
        return told;
    }

    @Test
    void aFewComeBackSoon() {
        assertThat(told(2 * EACH_SECOND)).containsOnlyKeys(SOONEST);
    }

    @Test
    void aCrowdComesBackSpread() {
        var told = told(20 * EACH_SECOND);
        assertThat(told.firstKey()).isEqualTo(SOONEST);
        assertThat(told.lastKey()).isEqualTo(Duration.ofSeconds(19));
        told.remove(SOONEST);
        assertThat(told.values()).allMatch(many -> many <= EACH_SECOND);
    }

    @Test
    void nobodyIsToldToStayAwayForMoreThanHalfAMinute() {
        assertThat(told(100 * EACH_SECOND).lastKey()).isEqualTo(Duration.ofSeconds(30));
        now = now.plusSeconds(32);
        assertThat(told(1)).containsOnlyKeys(SOONEST);
    }
}
