package dev.runtimebridge.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.failsafe.CircuitBreaker;
import dev.failsafe.CircuitBreakerOpenException;
import dev.failsafe.Failsafe;
import dev.runtimebridge.auth.AuthSettings.Mode;
import dev.runtimebridge.secret.Secret;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * Asks a service whether it knows a token, as the first bridge did: {@code POST {"token": "..."}},
 * answered by {@code {"userId": 1, "email": "...", "issuedAt": "...", "expiredAt": "...", "valid":
 * true}} with times in ISO 8601. After some failures in a row it is left alone for a while.
 */
final class RemoteVerifier implements TokenVerifier, AutoCloseable {
    private static final long LARGEST_BYTES = 64 * 1024;
    private static final int FAILURES_IN_A_ROW = 5;

    private final Mode.Remote service;
    private final Duration leeway;
    private final ClaimsReader claims;
    private final BoundedHttp http;
    private final InstantSource clock;
    private final CircuitBreaker<Verdict> breaker;
    private final JsonMapper json = new JsonMapper();

    /**
     * A verifier that asks.
     *
     * @param limit how long one question may take
     * @param leftAlone how long nothing is asked after failures in a row
     */
    RemoteVerifier(
            AuthSettings settings,
            Mode.Remote service,
            Duration limit,
            Duration leftAlone,
            InstantSource clock) {
        this.service = service;
        this.leeway = settings.leeway();
        this.claims = new ClaimsReader(settings.claims());
        this.http = new BoundedHttp(limit, LARGEST_BYTES);
        this.clock = clock;
        this.breaker =
                CircuitBreaker.<Verdict>builder()
                        .withFailureThreshold(FAILURES_IN_A_ROW)
                        .withDelay(leftAlone)
                        .handleResultIf(verdict -> verdict instanceof Verdict.Unavailable)
                        .build();
    }

    @Override
    public Verdict verify(Secret token) {
        var refused = TokenText.refused(token);
        if (refused.isPresent()) {
            return refused.get();
        }
        try {
            return Failsafe.with(breaker).get(() -> ask(token));
        } catch (CircuitBreakerOpenException e) {
            return unavailable("failed " + FAILURES_IN_A_ROW + " times in a row");
        }
    }

    private Verdict ask(Secret token) {
        var body = json.createObjectNode().put("token", token.reveal()).toString();
        var request =
                HttpRequest.newBuilder(service.url())
                        .header("Content-Type", "application/json")
                        .header("Accept", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        try {
            var answer = http.ask(request);
            return switch (answer.status()) {
                case 200 -> read(answer.body());
                case 400, 401, 403 -> notKnown();
                default -> unavailable("answered " + answer.status());
            };
        } catch (IOException e) {
            return unavailable("cannot be asked: " + e.getMessage());
        }
    }

    private Verdict read(JsonNode answer) {
        var valid = answer.path("valid");
        if (!valid.isBoolean()) {
            return unavailable("does not say whether the token is valid");
        }
        if (!valid.booleanValue()) {
            return notKnown();
        }
        var expiresAt = time(answer.path("expiredAt"));
        if (expiresAt.isEmpty()) {
            return unavailable("does not say when the token expires");
        }
        return clock.instant().isAfter(expiresAt.get().plus(leeway))
                ? new Verdict.Rejected("the token has expired")
                : claims.read(answer, time(answer.path("issuedAt")), expiresAt.get());
    }

    private static Optional<Instant> time(JsonNode text) {
        try {
            return Optional.of(OffsetDateTime.parse(text.asText()).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Verdict notKnown() {
        return new Verdict.Rejected("the token is not valid, says the service that knows");
    }

    private static Verdict unavailable(String what) {
        return new Verdict.Unavailable("the service that verifies tokens " + what);
    }

    @Override
    public void close() {
        http.close();
    }
}
