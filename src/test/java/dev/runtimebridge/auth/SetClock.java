package dev.runtimebridge.auth;

import com.github.benmanes.caffeine.cache.Ticker;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/** A clock that stands until it is moved; its ticks go along. */
final class SetClock implements InstantSource, Ticker {
    private volatile Instant now = Tokens.NOW;

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public long read() {
        return TimeUnit.MILLISECONDS.toNanos(now.toEpochMilli());
    }

    void pass(Duration time) {
        now = now.plus(time);
    }
}
