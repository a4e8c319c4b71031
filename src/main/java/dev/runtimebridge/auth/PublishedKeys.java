package dev.runtimebridge.auth;

import com.auth0.jwk.InvalidPublicKeyException;
import com.auth0.jwk.Jwk;
import com.auth0.jwt.JWTVerifier;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.runtimebridge.auth.AuthSettings.Mode;
import dev.runtimebridge.auth.JwtChecks.KeyAnswer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The keys that an issuer publishes, as last seen. They are fetched anew every ten minutes, behind
 * the backs of those who verify, and when a token names an unknown one, but then at most once in
 * ten seconds: anybody can make up a key's name. While the issuer cannot be asked, known keys are
 * believed for an hour.
 */
final class PublishedKeys {
    static final Duration REFRESH_AFTER = Duration.ofMinutes(10);
    static final Duration BELIEVED_FOR = Duration.ofHours(1);
    static final Duration BETWEEN_FETCHES = Duration.ofSeconds(10);
    static final Duration BETWEEN_FAILURES = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(PublishedKeys.class);
    private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

    private final Mode.Jwks issuer;
    private final JwtChecks checks;
    private final BoundedHttp http;
    private final Duration longestWait;
    private final InstantSource clock;
    private final Executor background;
    private final JsonMapper json = new JsonMapper();
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile Seen seen =
            new Seen(Map.of(), Instant.EPOCH, Instant.EPOCH, Optional.of("not asked yet"));

    /** What the last fetch brought, and when; what went wrong with the last attempt. */
    private record Seen(
            Map<String, JWTVerifier> keys,
            Instant fetchedAt,
            Instant triedAt,
            Optional<String> failure) {

        /** A token without a key's name means the only key, if there is only one. */
        Optional<JWTVerifier> find(Optional<String> keyId) {
            return keyId.isPresent()
                    ? Optional.ofNullable(keys.get(keyId.get()))
                    : keys.size() == 1
                            ? Optional.of(keys.values().iterator().next())
                            : Optional.empty();
        }
    }

    PublishedKeys(
            Mode.Jwks issuer,
            JwtChecks checks,
            BoundedHttp http,
            Duration longestWait,
            InstantSource clock,
            Executor background) {
        this.issuer = issuer;
        this.checks = checks;
        this.http = http;
        this.longestWait = longestWait;
        this.clock = clock;
        this.background = background;
    }

    KeyAnswer find(Optional<String> keyId) {
        var now = seen;
        var found = now.find(keyId).filter(key -> !over(now.fetchedAt(), BELIEVED_FOR));
        if (found.isPresent()) {
            if (over(now.fetchedAt(), REFRESH_AFTER) && mayFetch(now)) {
                background.execute(this::refresh);
            }
            return new KeyAnswer.Found(found.get());
        }
        refresh();
        var then = seen;
        if (!over(then.fetchedAt(), BELIEVED_FOR)) {
            var rotated = then.find(keyId);
            if (rotated.isPresent()) {
                return new KeyAnswer.Found(rotated.get());
            }
        }
        return then.failure().isPresent()
                ? new KeyAnswer.Unavailable(
                        "the issuer's keys cannot be fetched now: " + then.failure().get())
                : new KeyAnswer.Unknown("the token names a key that its issuer does not publish");
    }

    /** Fetches unless that was done just now; waits for a fetch that is under way. */
    void refresh() {
        try {
            if (!fetching.tryLock(longestWait.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        try {
            var last = seen;
            if (mayFetch(last)) {
                seen = fetch(last);
            }
        } finally {
            fetching.unlock();
        }
    }

    private boolean mayFetch(Seen last) {
        return over(
                last.triedAt(), last.failure().isPresent() ? BETWEEN_FAILURES : BETWEEN_FETCHES);
    }

    /** A clock that was set back makes everything old, rather than young for ever. */
    private boolean over(Instant since, Duration most) {
        var age = Duration.between(since, clock.instant());
        return age.isNegative() || age.compareTo(most) > 0;
    }

    private Seen fetch(Seen last) {
        try {
            var answer = http.ask(HttpRequest.newBuilder(issuer.url()).GET().build());
            var keys = answer.body().path("keys");
            if (answer.status() != 200 || !keys.isArray()) {
                throw new IOException(
                        "it answered " + answer.status() + (keys.isArray() ? "" : " without keys"));
            }
            return new Seen(usable(keys), clock.instant(), clock.instant(), Optional.empty());
        } catch (IOException e) {
            LOG.warn("{} gives no keys: {}", issuer.url(), e.getMessage());
            return new Seen(
                    last.keys(),
                    last.fetchedAt(),
                    clock.instant(),
                    Optional.of(String.valueOf(e.getMessage())));
        }
    }

    private Map<String, JWTVerifier> usable(JsonNode published) {
        var keys = new HashMap<String, JWTVerifier>();
        for (var each : published) {
            try {
                var jwk = Jwk.fromValues(json.convertValue(each, FIELDS));
                if (isForSigning(jwk)) {
                    var key = jwk.getPublicKey();
                    if (issuer.algorithm().fits(key)) {
                        keys.put(
                                Optional.ofNullable(jwk.getId()).orElse(""),
                                checks.with(PublicKeyVerifier.algorithm(issuer.algorithm(), key)));
                    }
                }
            } catch (InvalidPublicKeyException | RuntimeException e) {
                // one that we cannot read is one that we do not accept
                LOG.debug("a published key is passed over: {}", e.getMessage());
            }
        }
        return Map.copyOf(keys);
    }

    private boolean isForSigning(Jwk jwk) {
        var usage = jwk.getUsage();
        var algorithm = jwk.getAlgorithm();
        return (usage == null || usage.equals("sig"))
                && (algorithm == null || algorithm.equals(issuer.algorithm().name()));
    }
}
