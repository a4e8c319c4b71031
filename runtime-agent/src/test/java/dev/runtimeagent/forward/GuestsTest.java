package dev.runtimeagent.forward;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

@Timeout(30)
class GuestsTest {
    private static final Duration OFTEN = Duration.ofMillis(5);
    private static final Duration LONG = Duration.ofSeconds(60);

    private final AtomicInteger asked = new AtomicInteger();
    private volatile Optional<Set<String>> valid = Optional.of(Set.of("one", "other"));

    private Guests guests(Duration longestWithoutAnswer) {
        return new Guests(
                () -> {
                    asked.incrementAndGet();
                    return valid;
                },
                OFTEN,
                longestWithoutAnswer);
    }

    /** A connection of a guest, on a thread of its own, as the agent's are. */
    private static final class Connection {
        private final CountDownLatch end = new CountDownLatch(1);
        private final Thread thread;

        Connection(Guests guests, String share) {
            thread =
                    Thread.ofVirtual()
                            .start(() -> guests.carry(share, end::countDown, this::untilItsEnd));
        }

        private void untilItsEnd() {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        boolean goesOn() {
            return thread.isAlive();
        }

        void awaitEnd() throws InterruptedException {
            thread.join();
        }
    }

    private void awaitAnotherLook() {
        int before = asked.get();
        while (asked.get() < before + 2) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aConnectionEndsWithItsShareAndThoseOfOtherSharesGoOn() throws Exception {
        var guests = guests(LONG);
        var one = new Connection(guests, "one");
        var two = new Connection(guests, "one");
        var other = new Connection(guests, "other");
        awaitAnotherLook();
        assertThat(one.goesOn() && two.goesOn()).isTrue();

        valid = Optional.of(Set.of("other"));

        one.awaitEnd();
        two.awaitEnd();
        awaitAnotherLook();
        assertThat(other.goesOn()).isTrue();
    }

    @Test
    void aBridgeWithoutAnAnswerIsPutUpWithForAWhileOnly() throws Exception {
        valid = Optional.empty();
        var patient = new Connection(guests(LONG), "one");
        awaitAnotherLook();
        assertThat(patient.goesOn()).isTrue();

        new Connection(guests(Duration.ofMillis(50)), "one").awaitEnd();
    }

    @Test
    void whenAllHaveLeftNobodyIsAskedUntilSomebodyComes() throws Exception {
        var guests = guests(LONG);
        var first = new Connection(guests, "one");
        awaitAnotherLook();
        first.end.countDown();
        first.awaitEnd();
        int before = -1;
        while (before != asked.get()) { // ends once it is quiet for ten looks' time
            before = asked.get();
            Thread.sleep(OFTEN.multipliedBy(10));
        }

        valid = Optional.of(Set.of());
        new Connection(guests, "one").awaitEnd();
    }
}
