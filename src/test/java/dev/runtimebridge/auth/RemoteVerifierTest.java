package dev.runtimebridge.auth;

import static dev.runtimebridge.auth.Tokens.NOW;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.auth.AuthSettings.Mode;
import dev.runtimebridge.auth.TokenVerifier.Verdict;
import dev.runtimebridge.auth.TokenVerifier.Verdict.Accepted;
import dev.runtimebridge.auth.TokenVerifier.Verdict.Rejected;
import dev.runtimebridge.auth.TokenVerifier.Verdict.Unavailable;
import dev.runtimebridge.secret.Secret;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

class RemoteVerifierTest {
    private static final Secret TOKEN = new Secret("opaque-or-not");
    private static final String GOOD =
            """
            {"userId": 1, "email": "a@b.c", "issuedAt": "2026-05-01T11:00:00.000+00:00",
             "expiredAt": "2026-05-01T13:00:00.000+00:00", "valid": true}\
            """;

    private final SetClock clock = new SetClock();
    private Issuer service;
    private RemoteVerifier verifier;

    @BeforeEach
    void start() throws IOException {
        service = new Issuer();
        verifier = verifier(Duration.ofSeconds(5), Duration.ofHours(1));
    }

    @AfterEach
    void stop() {
        verifier.close();
        service.close();
    }

    private RemoteVerifier verifier(Duration limit, Duration leftAlone) {
        var mode = new Mode.Remote(service.url("/auth/token"));
        return new RemoteVerifier(Tokens.settings(mode), mode, limit, leftAlone, clock);
    }

    @Test
    void whomTheServiceNamesIsAccepted() {
        service.answers(200, GOOD);
        assertThat(verifier.verify(TOKEN))
                .isEqualTo(
                        new Accepted(
                                new Caller(
                                        new UserId("1"),
                                        Optional.of("a@b.c"),
                                        Set.of(),
                                        Optional.of(NOW.minusSeconds(3600)),
                                        NOW.plusSeconds(3600))));
        assertThat(service.asked()).containsExactly("{\"token\":\"opaque-or-not\"}");
    }

    @Test
    void whatTheServiceDoesNotHoldValidIsRejected() {
        service.answers(200, GOOD.replace("true", "false"));
        rejected("not valid");
        service.answers(200, "{\"valid\": false}");
        rejected("not valid");
        for (int status : new int[] {400, 401, 403}) {
            service.answers(status, "{\"error\": \"no\"}");
            rejected("not valid");
        }
    }

    @Test
    void aServiceThatCallsAnExpiredTokenValidIsNotBelieved() {
        service.answers(200, GOOD);
        clock.pass(Duration.ofSeconds(3606));
        rejected("expired");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "true",
                "[]",
                "<html>valid: true</html>",
                "{\"userId\": 1}",
                "{\"userId\": 1, \"valid\": \"true\", \"expiredAt\": \"2026-05-01T13:00:00Z\"}",
                "{\"userId\": 1, \"valid\": 1, \"expiredAt\": \"2026-05-01T13:00:00Z\"}",
                "{\"userId\": 1, \"valid\": true}",
                "{\"userId\": 1, \"valid\": true, \"expiredAt\": null}",
                "{\"userId\": 1, \"valid\": true, \"expiredAt\": \"tomorrow\"}",
                "{\"userId\": 1, \"valid\": true, \"expiredAt\": 1e99}"
            })
    void anAnswerThatSaysNothingIsNoYes(String answer) {
        service.answers(200, answer);
        assertThat(verifier.verify(TOKEN)).isInstanceOf(Unavailable.class);
    }

    @Test
    void aYesWithoutAUserIsRejected() {
        service.answers(200, GOOD.replace("\"userId\": 1,", ""));
        rejected("userId");
        service.answers(200, GOOD.replace("\"userId\": 1,", "\"userId\": 1.5,"));
        rejected("userId");
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 404, 429, 500, 502, 503})
    void aServiceInTroubleIsUnavailable(int status) {
        service.answers(status, "");
        assertThat(verifier.verify(TOKEN)).isInstanceOf(Unavailable.class);
    }

    @Test
    void aServiceThatIsNotThereIsUnavailable() {
        service.close();
        assertThat(verifier.verify(TOKEN)).isInstanceOf(Unavailable.class);
    }

    @Test
    void noRedirectIsFollowedWithTheToken() throws IOException {
        try (var elsewhere = new Issuer()) {
            elsewhere.answers(200, GOOD);
            for (int status : new int[] {301, 302, 307, 308}) {
                service.behaves(
                        exchange -> {
                            exchange.getResponseHeaders()
                                    .set("Location", elsewhere.url("/auth/token").toString());
                            Issuer.answer(exchange, status, "");
                        });
                assertThat(verifier.verify(TOKEN)).isInstanceOf(Unavailable.class);
            }
            assertThat(elsewhere.asked()).isEmpty();
        }
    }

    @Test
    void aSlowServiceIsNotWaitedFor() {
        var never = new CountDownLatch(1);
        service.behaves(exchange -> never.await());
        try (var hasty = verifier(Duration.ofMillis(200), Duration.ofHours(1))) {
            var from = Instant.now();
            assertThat(hasty.verify(TOKEN)).isInstanceOf(Unavailable.class);
            assertThat(Duration.between(from, Instant.now())).isLessThan(Duration.ofSeconds(4));
        }
    }

    @Test
    void aHugeAnswerIsNotRead() {
        service.answers(200, GOOD + " ".repeat(1_000_000));
        assertThat(verifier.verify(TOKEN)).isInstanceOf(Unavailable.class);
    }

    @Test
    void aServiceThatFailsIsLeftAlone() {
        service.answers(500, "");
        for (int i = 0; i < 20; i++) {
            assertThat(verifier.verify(TOKEN)).isInstanceOf(Unavailable.class);
        }
        assertThat(service.asked()).hasSize(5);
    }

    @Test
    void aServiceThatRecoversIsAskedAgain() {
        try (var patient = verifier(Duration.ofSeconds(5), Duration.ofNanos(1))) {
            service.answers(500, "");
            for (int i = 0; i < 6; i++) {
                patient.verify(TOKEN);
            }
            service.answers(200, GOOD);
            assertThat(patient.verify(TOKEN)).isInstanceOf(Accepted.class);
            assertThat(patient.verify(TOKEN)).isInstanceOf(Accepted.class);
        }
    }

    @Test
    void rejectionsAreNoFailures() {
        service.answers(401, "");
        for (int i = 0; i < 20; i++) {
            assertThat(verifier.verify(TOKEN)).isInstanceOf(Rejected.class);
        }
        assertThat(service.asked()).hasSize(20);
    }

    @Test
    void nonsenseIsNotSentOn() {
        for (var nonsense : new String[] {"", "a b", "a\nb", "é", "x".repeat(9000)}) {
            assertThat(verifier.verify(new Secret(nonsense))).isInstanceOf(Rejected.class);
        }
        assertThat(service.asked()).isEmpty();
    }

    private void rejected(String why) {
        Verdict verdict = verifier.verify(TOKEN);
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Rejected.class, rejected -> assertThat(rejected.why()).contains(why));
    }
}
