package dev.runtimebridge.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

@Timeout(20)
final class TurnsTest {
    private final Turns<String> turns = new Turns<>();

    @Test
    void oneAtATimePerKeyAndNothingIsRememberedAfterwards() throws Exception {
        var inside = new AtomicInteger();
        Callable<Integer> work =
                () ->
                        turns.await(
                                "a",
                                () -> {
                                    int now = inside.incrementAndGet();
                                    Thread.yield();
                                    inside.decrementAndGet();
                                    return now;
                                });
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var seen : threads.invokeAll(Collections.nCopies(200, work))) {
                assertThat(seen.get()).isEqualTo(1);
            }
        }
        assertThat(turns.size()).isZero();
    }

    @Test
    void whoWillNotWaitIsToldAndAnotherKeyIsFree() throws Exception {
        var begun = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var holder =
                    threads.submit(
                            () ->
                                    turns.await(
                                            "a",
                                            () -> {
                                                begun.countDown();
                                                return waitsFor(end);
                                            }));
            begun.await();
            assertThat(turns.tryNow("a", () -> 1)).isEmpty();
            assertThat(turns.tryNow("b", () -> 2)).contains(2);
            end.countDown();
            assertThat(holder.get()).isTrue();
        }
        assertThat(turns.size()).isZero();
    }

    @Test
    void failedWorkGivesTheTurnBack() throws IOException {
        assertThatThrownBy(
                        () ->
                                turns.await(
                                        "a",
                                        () -> {
                                            throw new IOException("broken");
                                        }))
                .hasMessage("broken");
        assertThat(turns.tryNow("a", () -> 1)).contains(1);
        assertThat(turns.size()).isZero();
    }

    private static boolean waitsFor(CountDownLatch end) {
        try {
            return end.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
