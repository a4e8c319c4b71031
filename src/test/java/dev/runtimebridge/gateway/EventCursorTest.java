package dev.runtimebridge.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;

class EventCursorTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final EventCursor cursor = new EventCursor();

    @Test
    void idsThatWerePassedOverAreAskedForAgain() {
        cursor.restart(10, NOW);
        cursor.read(LongStream.rangeClosed(1, 10).boxed().toList(), NOW);

        cursor.read(List.of(11L, 14L), NOW);

        assertThat(cursor.newest()).isEqualTo(14);
        assertThat(cursor.missing()).containsExactly(12L, 13L);
        cursor.read(List.of(13L), NOW);
        assertThat(cursor.missing()).containsExactly(12L);
    }

    @Test
    void whatCommitsLateAroundTheStartIsNotMissed() {
        cursor.restart(3, NOW);

        assertThat(cursor.newest()).isEqualTo(3);
        assertThat(cursor.missing()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void nobodyAsksForEverForIdsThatNeverCame() {
        cursor.restart(0, NOW);
        cursor.read(List.of(5L), NOW);

        cursor.read(List.of(), NOW.plus(EventCursor.LONGEST_MISSING).plusMillis(1));

        assertThat(cursor.missing()).isEmpty();
    }

    @Test
    void aLeapOfTheCounterCostsLittle() {
        cursor.restart(0, NOW);
        cursor.read(List.of(1_000_000_000_000L), NOW);

        assertThat(cursor.missing()).hasSizeLessThanOrEqualTo(EventCursor.MOST_MISSING);
        assertThat(cursor.newest()).isEqualTo(1_000_000_000_000L);
    }
}
