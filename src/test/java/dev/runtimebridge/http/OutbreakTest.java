package dev.runtimebridge.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.testing.SettableClock;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class OutbreakTest {
    private final SettableClock clock = new SettableClock();
    private final Outbreak outbreak = new Outbreak(clock, Duration.ofSeconds(1));

    @Test
    void theFirstIsToldAsItIs() {
        assertThat(outbreak.told("no database")).contains("no database");
    }

    @Test
    void moreWithinTheSecondAreOnlyCounted() {
        outbreak.told("no database");
        assertThat(outbreak.told("no database")).isEmpty();
        assertThat(outbreak.told("no database")).isEmpty();
        clock.pass(Duration.ofSeconds(1));
        assertThat(outbreak.told("no database"))
                .contains("no database (and 2 more since the last such line)");
    }

    @Test
    void whoComesLaterIsToldAloneAgain() {
        outbreak.told("no database");
        clock.pass(Duration.ofMinutes(1));
        assertThat(outbreak.told("no database")).contains("no database");
    }
}
