package dev.runtimebridge.auth;

import static dev.runtimebridge.auth.Tokens.EC;
import static dev.runtimebridge.auth.Tokens.HS256;
import static dev.runtimebridge.auth.Tokens.OTHER_RSA;
import static dev.runtimebridge.auth.Tokens.RSA;
import static dev.runtimebridge.auth.Tokens.es256;
import static dev.runtimebridge.auth.Tokens.rs256;
import static dev.runtimebridge.auth.Tokens.signed;
import static dev.runtimebridge.auth.Tokens.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.auth0.jwt.JWTCreator;
import com.auth0.jwt.algorithms.Algorithm;

import dev.runtimebridge.auth.AuthSettings.KeyAlgorithm;
import dev.runtimebridge.auth.AuthSettings.Mode;
import dev.runtimebridge.auth.TokenVerifier.Verdict;
import dev.runtimebridge.auth.TokenVerifier.Verdict.Accepted;
import dev.runtimebridge.auth.TokenVerifier.Verdict.Rejected;
import dev.runtimebridge.auth.TokenVerifier.Verdict.Unavailable;
import dev.runtimebridge.secret.Secret;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

class JwksVerifierTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final SetClock clock = new SetClock();
    private Issuer issuer;
    private JwksVerifier verifier;

    @BeforeEach
    void start() throws IOException {
        issuer = new Issuer();
        verifier = verifier(KeyAlgorithm.RS256, LIMIT);
    }

    @AfterEach
    void stop() {
        verifier.close();
        issuer.close();
    }

    private JwksVerifier verifier(KeyAlgorithm algorithm, Duration limit) {
        var mode = new Mode.Jwks(algorithm, issuer.url("/keys"));
        return new JwksVerifier(new JwtChecks(Tokens.settings(mode), clock), mode, limit, clock);
    }

    @Test
    void theKeysAreFetchedOnceForManyTokens() {
        issuer.publishes(Issuer.jwk("a", RSA), Issuer.jwk("b", OTHER_RSA));
        for (int i = 0; i < 5; i++) {
            assertThat(verify(by("a", RSA))).isInstanceOf(Accepted.class);
            assertThat(verify(by("b", OTHER_RSA))).isInstanceOf(Accepted.class);
        }
        assertThat(issuer.asked()).hasSize(1);
    }

    @Test
    void ellipticCurvesToo() {
        issuer.publishes(Issuer.jwk("a", RSA), Issuer.jwk("e", EC));
        try (var es = verifier(KeyAlgorithm.ES256, LIMIT)) {
            assertThat(es.verify(signed(token().withKeyId("e"), es256(EC))))
                    .isInstanceOf(Accepted.class);
            rejected(es.verify(by("a", RSA)), "key");
        }
    }

    @Test
    void aRotatedKeyIsFetchedWhenATokenNamesIt() {
        issuer.publishes(Issuer.jwk("a", RSA));
        assertThat(verify(by("a", RSA))).isInstanceOf(Accepted.class);
        clock.pass(Duration.ofSeconds(11));
        issuer.publishes(Issuer.jwk("b", OTHER_RSA));

        assertThat(verify(by("b", OTHER_RSA))).isInstanceOf(Accepted.class);
        rejected(verify(by("a", RSA)), "does not publish");
    }

    @Test
    void foreignKeyNamesCauseOneFetchInTenSeconds() {
        issuer.publishes(Issuer.jwk("a", RSA));
        verify(by("a", RSA));
        clock.pass(Duration.ofSeconds(11));
        for (int i = 0; i < 20; i++) {
            rejected(verify(by("foreign-" + i, OTHER_RSA)), "does not publish");
        }
        assertThat(issuer.asked()).hasSize(2);
    }

    @Test
    void manyAtOnceCauseOneFetch() throws Exception {
        var asked = new CountDownLatch(1);
        var mayAnswer = new CountDownLatch(1);
        issuer.behaves(
                exchange -> {
                    asked.countDown();
                    mayAnswer.await();
                    Issuer.answer(exchange, 200, "{\"keys\":[" + Issuer.jwk("a", RSA) + "]}");
                });
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var verdicts =
                    IntStream.range(0, 50)
                            .mapToObj(i -> threads.submit(() -> verify(by("a", RSA))))
                            .toList();
            asked.await();
            mayAnswer.countDown();
            for (var verdict : verdicts) {
                assertThat(verdict.get()).isInstanceOf(Accepted.class);
            }
        }
        assertThat(issuer.asked()).hasSize(1);
    }

    @Test
    void aWithdrawnKeyIsForgottenAfterARefresh() throws Exception {
        issuer.publishes(Issuer.jwk("a", RSA));
        verify(by("a", RSA));
        clock.pass(Duration.ofMinutes(11));
        var refreshed = new CountDownLatch(1);
        issuer.behaves(
                exchange -> {
                    Issuer.answer(exchange, 200, "{\"keys\":[" + Issuer.jwk("b", OTHER_RSA) + "]}");
                    refreshed.countDown();
                });

        assertThat(verify(by("a", RSA))).isInstanceOf(Accepted.class); // sets the refresh off
        refreshed.await();
        // an unknown name waits for the fetch that is under way
        assertThat(verify(by("b", OTHER_RSA))).isInstanceOf(Accepted.class);
        rejected(verify(by("a", RSA)), "does not publish");
        assertThat(issuer.asked()).hasSize(2);
    }

    @Test
    void knownKeysAreBelievedForAnHourWhileTheIssuerIsDown() {
        issuer.publishes(Issuer.jwk("a", RSA));
        verify(by("a", RSA));
        issuer.answers(503, "");
        clock.pass(Duration.ofMinutes(59));
        assertThat(verify(by("a", RSA))).isInstanceOf(Accepted.class);
        clock.pass(Duration.ofMinutes(2));
        assertThat(verify(by("a", RSA))).isInstanceOf(Unavailable.class);
    }

    @Test
    void theIssuerIsAskedAgainSoonAfterAFailure() {
        issuer.answers(500, "");
        assertThat(verify(by("a", RSA))).isInstanceOf(Unavailable.class);
        assertThat(verify(by("a", RSA))).isInstanceOf(Unavailable.class);
        assertThat(issuer.asked()).hasSize(1);
        clock.pass(Duration.ofSeconds(2));
        issuer.publishes(Issuer.jwk("a", RSA));
        assertThat(verify(by("a", RSA))).isInstanceOf(Accepted.class);
    }

    @Test
    void anIssuerThatIsNotThereIsUnavailable() {
        issuer.close();
        assertThat(verify(by("a", RSA))).isInstanceOf(Unavailable.class);
    }

    @Test
    void aSlowIssuerIsNotWaitedFor() {
        var never = new CountDownLatch(1);
        issuer.behaves(
                exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write('{');
                    exchange.getResponseBody().flush();
                    never.await();
                });
        try (var hasty = verifier(KeyAlgorithm.RS256, Duration.ofMillis(200))) {
            var from = Instant.now();
            unavailable(hasty.verify(by("a", RSA)), "no answer within 200 ms");
            assertThat(Duration.between(from, Instant.now())).isLessThan(Duration.ofSeconds(4));
        }
    }

    @Test
    void aHugeAnswerIsNotRead() {
        issuer.behaves(
                exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    var block = " ".repeat(64 * 1024).getBytes(StandardCharsets.UTF_8);
                    for (int i = 0; i < 1000; i++) {
                        exchange.getResponseBody().write(block);
                    }
                });
        assertThat(verify(by("a", RSA))).isInstanceOf(Unavailable.class);
    }

    @Test
    void noRedirectIsFollowed() throws IOException {
        try (var elsewhere = new Issuer()) {
            elsewhere.publishes(Issuer.jwk("a", OTHER_RSA));
            issuer.behaves(
                    exchange -> {
                        exchange.getResponseHeaders()
                                .set("Location", elsewhere.url("/keys").toString());
                        Issuer.answer(exchange, 302, "");
                    });
            assertThat(verify(by("a", OTHER_RSA))).isInstanceOf(Unavailable.class);
            assertThat(elsewhere.asked()).isEmpty();
        }
    }

    @Test
    void aUrlInATokenIsNeverAsked() throws IOException {
        issuer.publishes(Issuer.jwk("a", RSA));
        try (var attacker = new Issuer()) {
            attacker.publishes(Issuer.jwk("x", OTHER_RSA));
            for (var field : new String[] {"jku", "x5u"}) {
                var header =
                        "{\"alg\":\"RS256\",\"kid\":\"x\",\"%s\":\"%s\"}"
                                .formatted(field, attacker.url("/keys"));
                rejected(
                        verify(Tokens.rawSigned(header, Tokens.goodPayload(), rs256(OTHER_RSA))),
                        "does not publish");
            }
            assertThat(attacker.asked()).isEmpty();
        }
    }

    @Test
    void theKnownAttacksFailHereToo() {
        issuer.publishes(Issuer.jwk("a", RSA));
        rejected(verify(by("a", OTHER_RSA)), "signature");
        rejected(verify(signed(token().withKeyId("a"), Algorithm.none())), "algorithm");
        rejected(verify(signed(token().withKeyId("a"), HS256)), "algorithm");
        rejected(
                verify(
                        signed(
                                token().withKeyId("a"),
                                Algorithm.HMAC256(RSA.getPublic().getEncoded()))),
                "algorithm");
        rejected(
                verify(
                        signed(
                                token().withKeyId("a").withExpiresAt(Tokens.NOW.minusSeconds(60)),
                                rs256(RSA))),
                "expired");
    }

    @Test
    void withoutANameOnlyTheOnlyKeyIsMeant() {
        issuer.publishes(Issuer.jwk("a", RSA));
        assertThat(verify(signed(token(), rs256(RSA)))).isInstanceOf(Accepted.class);
        issuer.publishes(Issuer.jwk("a", RSA), Issuer.jwk("b", OTHER_RSA));
        try (var two = verifier(KeyAlgorithm.RS256, LIMIT)) {
            rejected(two.verify(signed(token(), rs256(RSA))), "key");
        }
    }

    @Test
    void keysForOtherPurposesArePassedOver() {
        issuer.publishes(
                "{\"kty\":\"oct\",\"kid\":\"o\",\"k\":\"AAAA\"}",
                "{\"kid\":\"nothing\"}",
                "7",
                Issuer.jwk("enc", RSA).replace("\"sig\"", "\"enc\""),
                Issuer.jwk("e", EC),
                Issuer.jwk("a", RSA));
        assertThat(verify(by("a", RSA))).isInstanceOf(Accepted.class);
        rejected(verify(by("enc", RSA)), "does not publish");
    }

    @Test
    void whatIsNoKeySetIsUnavailable() {
        for (var nonsense : new String[] {"", "<html>", "{}", "{\"keys\":{}}", "[]"}) {
            issuer.answers(200, nonsense);
            try (var fresh = verifier(KeyAlgorithm.RS256, LIMIT)) {
                assertThat(fresh.verify(by("a", RSA))).isInstanceOf(Unavailable.class);
            }
        }
    }

    @Test
    void theClockSetBackDoesNotKeepOldKeysForEver() {
        issuer.publishes(Issuer.jwk("a", RSA));
        verify(by("a", RSA));
        issuer.publishes(Issuer.jwk("b", OTHER_RSA));
        clock.pass(Duration.ofDays(-1));
        assertThat(verify(signed(backThen("b"), rs256(OTHER_RSA)))).isInstanceOf(Accepted.class);
    }

    private JWTCreator.Builder backThen(String keyId) {
        return token().withKeyId(keyId).withIssuedAt(clock.instant());
    }

    private Verdict verify(Secret token) {
        return verifier.verify(token);
    }

    private Secret by(String keyId, KeyPair pair) {
        return signed(
                token().withKeyId(keyId).withExpiresAt(clock.instant().plusSeconds(600)),
                rs256(pair));
    }

    private static void rejected(Verdict verdict, String why) {
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Rejected.class, rejected -> assertThat(rejected.why()).contains(why));
    }

    private static void unavailable(Verdict verdict, String why) {
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Unavailable.class, down -> assertThat(down.why()).contains(why));
    }
}
