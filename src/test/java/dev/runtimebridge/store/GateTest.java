package dev.runtimebridge.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runtimebridge.allocation.StoreUnavailable;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class GateTest {
    @Test
    void whoComesWhenTheQueueIsFullIsRefusedAtOnce() {
        var gate = new Gate("requests", 1, 0, Duration.ofHours(1));
        gate.enter();
        assertThatThrownBy(gate::enter)
                .isInstanceOf(StoreUnavailable.class)
                .hasMessage("too many requests wait for the database");
        gate.leave();
        assertThatCode(gate::enter).doesNotThrowAnyException();
    }

    @Test
    void nobodyWaitsLongerThanAllowed() {
        var gate = new Gate("requests", 1, 1, Duration.ofMillis(5));
        gate.enter();
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(gate::enter)
                    .isInstanceOf(StoreUnavailable.class)
                    .hasMessageContaining("busy with other requests for 5 ms");
        }
    }

    @Test
    void anInterruptedCallerStaysInterrupted() {
        var gate = new Gate("requests", 1, 1, Duration.ofHours(1));
        gate.enter();
        Thread.currentThread().interrupt();
        assertThatThrownBy(gate::enter).isInstanceOf(StoreUnavailable.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
