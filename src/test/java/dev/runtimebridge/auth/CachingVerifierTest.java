package dev.runtimebridge.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.auth.TokenVerifier.Verdict;
import dev.runtimebridge.auth.TokenVerifier.Verdict.Accepted;
import dev.runtimebridge.auth.TokenVerifier.Verdict.Rejected;
import dev.runtimebridge.auth.TokenVerifier.Verdict.Unavailable;
import dev.runtimebridge.secret.Secret;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;

class CachingVerifierTest {
    private static final Secret TOKEN = new Secret("a.b.c");

    private final SetClock clock = new SetClock();
    private final AtomicInteger verifications = new AtomicInteger();

    @Test
    void anAcceptedTokenIsRememberedForAMinute() {
        var cached = over(token -> acceptedUntil(Tokens.NOW.plusSeconds(3600)));
        cached.verify(TOKEN);
        clock.pass(Duration.ofSeconds(59));
        assertThat(cached.verify(TOKEN)).isInstanceOf(Accepted.class);
        assertThat(verifications).hasValue(1);
        clock.pass(Duration.ofSeconds(2));
        cached.verify(TOKEN);
        assertThat(verifications).hasValue(2);
    }

    @Test
    void anAcceptedTokenIsForgottenWhenItExpires() {
        var cached =
                over(
                        token ->
                                clock.instant().isBefore(Tokens.NOW.plusSeconds(10))
                                        ? acceptedUntil(Tokens.NOW.plusSeconds(10))
                                        : new Rejected("the token has expired"));
        cached.verify(TOKEN);
        clock.pass(Duration.ofSeconds(9));
        assertThat(cached.verify(TOKEN)).isInstanceOf(Accepted.class);
        clock.pass(Duration.ofSeconds(1));
        assertThat(cached.verify(TOKEN)).isInstanceOf(Rejected.class);
    }

    @Test
    void aWallClockSetForwardEndsWhatExpiredByIt() {
        var still = new SetClock();
        var cached =
                new CachingVerifier(
                        token -> {
                            verifications.incrementAndGet();
                            return acceptedUntil(Tokens.NOW.plusSeconds(10));
                        },
                        clock,
                        still);
        cached.verify(TOKEN);
        clock.pass(Duration.ofSeconds(11));
        cached.verify(TOKEN);
        assertThat(verifications).hasValue(2);
    }

    @Test
    void rejectionsAndFailuresAreNotRemembered() {
        var cached =
                over(
                        token ->
                                switch (verifications.get()) {
                                    case 1 -> new Rejected("no");
                                    case 2 -> new Unavailable("down");
                                    default -> acceptedUntil(Tokens.NOW.plusSeconds(60));
                                });
        assertThat(cached.verify(TOKEN)).isInstanceOf(Rejected.class);
        assertThat(cached.verify(TOKEN)).isInstanceOf(Unavailable.class);
        assertThat(cached.verify(TOKEN)).isInstanceOf(Accepted.class);
    }

    @Test
    void tokensAreToldApart() {
        var cached =
                over(
                        token ->
                                token.equals(TOKEN)
                                        ? acceptedUntil(Tokens.NOW.plusSeconds(60))
                                        : new Rejected("another"));
        assertThat(cached.verify(TOKEN)).isInstanceOf(Accepted.class);
        assertThat(cached.verify(new Secret("a.b.d"))).isInstanceOf(Rejected.class);
    }

    @Test
    void oneTokenBroughtByManyIsVerifiedOnce() throws Exception {
        var begun = new CountDownLatch(1);
        var mayEnd = new CountDownLatch(1);
        var cached =
                over(
                        token -> {
                            begun.countDown();
                            await(mayEnd);
                            return acceptedUntil(Tokens.NOW.plusSeconds(60));
                        });
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var verdicts =
                    IntStream.range(0, 100)
                            .mapToObj(i -> threads.submit(() -> cached.verify(TOKEN)))
                            .toList();
            begun.await();
            mayEnd.countDown();
            for (var verdict : verdicts) {
                assertThat(verdict.get()).isInstanceOf(Accepted.class);
            }
        }
        assertThat(verifications).hasValue(1);
    }

    @Test
    void aVerificationThatBreaksLeavesNothingBehind() {
        var cached =
                over(
                        token -> {
                            if (verifications.get() == 1) {
                                throw new IllegalStateException("broken");
                            }
                            return acceptedUntil(Tokens.NOW.plusSeconds(60));
                        });
        assertThatThrownBy(() -> cached.verify(TOKEN)).hasMessage("broken");
        assertThat(cached.verify(TOKEN)).isInstanceOf(Accepted.class);
    }

    private CachingVerifier over(Function<Secret, Verdict> verifier) {
        return new CachingVerifier(
                token -> {
                    verifications.incrementAndGet();
                    return verifier.apply(token);
                },
                clock,
                clock);
    }

    private static Verdict acceptedUntil(Instant end) {
        return new Accepted(
                new Caller(new UserId("7"), Optional.empty(), Set.of(), Optional.empty(), end));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
