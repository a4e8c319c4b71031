package dev.runtimebridge.http;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;

import io.github.bucket4j.Bucket;
import io.javalin.http.Context;

import java.time.Duration;

/** How often one remote address may call. Remembers a bounded number of addresses. */
final class AddressLimit {
    private static final int MOST_ADDRESSES = 20_000;

    /** After that long without a call a limit is as good as new. */
    private static final Duration FILLED_IN = Duration.ofMinutes(1);

    private final LoadingCache<String, Bucket> buckets;

    AddressLimit(int callsPerMinute) {
        this.buckets =
                Caffeine.newBuilder()
                        .maximumSize(MOST_ADDRESSES)
                        .expireAfterAccess(FILLED_IN)
                        .build(address -> bucket(callsPerMinute));
    }

    /** Counts a call; one too many is refused. */
    void count(Context ctx) {
        var probe = buckets.get(ctx.ip()).tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            throw new ProblemException(
                            ProblemKind.TOO_MANY_REQUESTS,
                            "too many calls from your address: wait as Retry-After says")
                    .retryAfter(Duration.ofNanos(probe.getNanosToWaitForRefill()).plusMillis(999));
        }
    }

    private static Bucket bucket(int callsPerMinute) {
        return Bucket.builder()
                .addLimit(
                        limit ->
                                limit.capacity(callsPerMinute)
                                        .refillGreedy(callsPerMinute, FILLED_IN))
                .build();
    }
}
