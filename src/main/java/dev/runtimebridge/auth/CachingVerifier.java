package dev.runtimebridge.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;

import dev.runtimebridge.secret.Secret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers accepted tokens until they expire, at most a minute, by their SHA-256. Rejections are
 * not remembered. While a token is verified, others who bring the same one wait for that.
 */
final class CachingVerifier implements TokenVerifier {
    static final Duration LONGEST = Duration.ofSeconds(60);
    private static final int MOST_TOKENS = 50_000;

    private final TokenVerifier verifier;
    private final InstantSource clock;
    private final Cache<String, Caller> accepted;
    private final ConcurrentHashMap<String, CompletableFuture<Verdict>> underWay =
            new ConcurrentHashMap<>();

    CachingVerifier(TokenVerifier verifier, InstantSource clock, Ticker ticker) {
        this.verifier = verifier;
        this.clock = clock;
        this.accepted =
                Caffeine.newBuilder()
                        .maximumSize(MOST_TOKENS)
                        .ticker(ticker)
                        .expireAfter(
                                Expiry.creating((String key, Caller caller) -> lifetime(caller)))
                        .build();
    }

    @Override
    public Verdict verify(Secret token) {
        var refused = TokenText.refused(token);
        if (refused.isPresent()) {
            return refused.get();
        }
        var key = hash(token);
        var known = known(key);
        if (known.isPresent()) {
            return known.get();
        }
        var mine = new CompletableFuture<Verdict>();
        var others = underWay.putIfAbsent(key, mine);
        if (others != null) {
            return join(others);
        }
        try {
            // Whoever looked before the one ahead had ended, and came here after, finds its
            // verdict.
            var verdict = known(key).orElseGet(() -> verifier.verify(token));
            if (verdict instanceof Verdict.Accepted(var caller) && lifetime(caller).isPositive()) {
                accepted.put(key, caller);
            }
            mine.complete(verdict);
            return verdict;
        } catch (RuntimeException | Error e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            underWay.remove(key, mine);
        }
    }

    private Optional<Verdict> known(String key) {
        // The ticker knows nothing of a wall clock that was set.
        return Optional.ofNullable(accepted.getIfPresent(key))
                .filter(caller -> lifetime(caller).isPositive())
                .map(Verdict.Accepted::new);
    }

    private Duration lifetime(Caller caller) {
        var left = Duration.between(clock.instant(), caller.expiresAt());
        if (left.isNegative()) {
            return Duration.ZERO;
        }
        return left.compareTo(LONGEST) > 0 ? LONGEST : left;
    }

    private static Verdict join(CompletableFuture<Verdict> others) {
        try {
            return others.join();
        } catch (CompletionException e) {
            throw new IllegalStateException(
                    "the verification that was waited for failed",
                    Optional.ofNullable(e.getCause()).orElse(e));
        }
    }

    private static String hash(Secret token) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of()
                    .formatHex(digest.digest(token.reveal().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
