package dev.runtimebridge.auth;

import static dev.runtimebridge.auth.Tokens.EC;
import static dev.runtimebridge.auth.Tokens.HS256;
import static dev.runtimebridge.auth.Tokens.NOW;
import static dev.runtimebridge.auth.Tokens.OTHER_RSA;
import static dev.runtimebridge.auth.Tokens.RSA;
import static dev.runtimebridge.auth.Tokens.SECRET;
import static dev.runtimebridge.auth.Tokens.es256;
import static dev.runtimebridge.auth.Tokens.goodPayload;
import static dev.runtimebridge.auth.Tokens.raw;
import static dev.runtimebridge.auth.Tokens.rawSigned;
import static dev.runtimebridge.auth.Tokens.rs256;
import static dev.runtimebridge.auth.Tokens.signed;
import static dev.runtimebridge.auth.Tokens.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.auth0.jwt.algorithms.Algorithm;

import dev.runtimebridge.auth.AuthSettings.KeyAlgorithm;
import dev.runtimebridge.auth.AuthSettings.Mode;
import dev.runtimebridge.auth.TokenVerifier.Verdict.Accepted;
import dev.runtimebridge.auth.TokenVerifier.Verdict.Rejected;
import dev.runtimebridge.secret.Secret;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;

/** What is tried with tokens, in every mode in which we hold the key. */
class JwtAttacksTest {
    enum Way {
        SECRET_HS256(new Mode.SharedSecret(SECRET), HS256),
        KEY_RS256(new Mode.FixedKey(KeyAlgorithm.RS256, RSA.getPublic()), rs256(RSA)),
        KEY_ES256(new Mode.FixedKey(KeyAlgorithm.ES256, EC.getPublic()), es256(EC));

        private final Mode mode;
        private final Algorithm algorithm;

        Way(Mode mode, Algorithm algorithm) {
            this.mode = mode;
            this.algorithm = algorithm;
        }

        TokenVerifier verifier() {
            return new TokenVerification(Tokens.settings(mode), () -> NOW);
        }

        TokenVerifier checking(String issuer, String audience) {
            return new TokenVerification(Tokens.checking(mode, issuer, audience), () -> NOW);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aGoodTokenIsAccepted(Way way) {
        assertThat(way.verifier().verify(signed(token(), way.algorithm)))
                .isInstanceOfSatisfying(
                        Accepted.class,
                        accepted -> {
                            assertThat(accepted.caller().user().value()).isEqualTo("7");
                            assertThat(accepted.caller().email()).contains("a@b.c");
                            assertThat(accepted.caller().expiresAt())
                                    .isEqualTo(NOW.plusSeconds(600));
                            assertThat(accepted.caller().issuedAt()).contains(NOW.minusSeconds(10));
                        });
    }

    @ParameterizedTest
    @EnumSource
    void noneIsNoAlgorithm(Way way) {
        refused(way, signed(token(), Algorithm.none()), "algorithm");
        for (var none : new String[] {"none", "None", "NONE", "nOnE", ""}) {
            refused(way, raw("{\"alg\":\"" + none + "\"}", goodPayload(), new byte[0]), "");
        }
        refused(way, raw("{\"typ\":\"JWT\"}", goodPayload(), new byte[0]), "");
        refused(way, raw("{\"alg\":null}", goodPayload(), new byte[0]), "");
    }

    @ParameterizedTest
    @EnumSource
    void aPublicKeyIsNoSharedSecret(Way way) {
        for (var pair : new KeyPair[] {RSA, EC}) {
            var der = pair.getPublic().getEncoded();
            var pem =
                    "-----BEGIN PUBLIC KEY-----\n"
                            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                            + "\n-----END PUBLIC KEY-----\n";
            refused(way, signed(token(), Algorithm.HMAC256(der)), "");
            refused(way, signed(token(), Algorithm.HMAC256(pem)), "");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anotherAlgorithmIsRefusedEvenWithTheRightKey(Way way) {
        refused(
                way,
                signed(token(), Algorithm.HMAC384(Tokens.bytes(SECRET.reveal()))),
                "algorithm");
        refused(
                way,
                signed(
                        token(),
                        Algorithm.RSA512(
                                (RSAPublicKey) RSA.getPublic(), (RSAPrivateKey) RSA.getPrivate())),
                "algorithm");
    }

    @ParameterizedTest
    @EnumSource
    void aSignatureByAnotherKeyDoesNotFit(Way way) {
        var header = "{\"alg\":\"" + way.algorithm.getName() + "\"}";
        var foreign =
                switch (way) {
                    case SECRET_HS256 -> Algorithm.HMAC256("x".repeat(32));
                    case KEY_RS256 -> rs256(OTHER_RSA);
                    case KEY_ES256 -> es256(Tokens.pair("EC"));
                };
        refused(way, rawSigned(header, goodPayload(), foreign), "signature");
    }

    @ParameterizedTest
    @EnumSource
    void anEmptyOrZeroSignatureDoesNotFit(Way way) {
        var header = "{\"alg\":\"" + way.algorithm.getName() + "\"}";
        for (int length : new int[] {0, 1, 32, 64, 256, 3000}) {
            refused(way, raw(header, goodPayload(), new byte[length]), "signature");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aKeyThatTheTokenBringsAlongIsNotUsed(Way way) {
        var header =
                "{\"alg\":\"%s\",\"kid\":\"../../dev/null\",\"jku\":\"http://127.0.0.1:1/keys\",\"x5u\":\"http://127.0.0.1:1/\",\"jwk\":{\"kty\":\"oct\",\"k\":\"AAAA\"}}"
                        .formatted(way.algorithm.getName());
        refused(
                way,
                rawSigned(header, goodPayload(), Algorithm.HMAC256(new byte[32])),
                "signature");
    }

    @ParameterizedTest
    @EnumSource
    void anExtensionThatIsDemandedIsRefused(Way way) {
        var header =
                "{\"alg\":\"%s\",\"crit\":[\"b64\"],\"b64\":false}"
                        .formatted(way.algorithm.getName());
        refused(way, rawSigned(header, goodPayload(), way.algorithm), "extension");
    }

    @ParameterizedTest
    @EnumSource
    void aTokenThatWasChangedIsRefused(Way way) {
        var good = signed(token(), way.algorithm).reveal();
        var parts = good.split("\\.", -1);
        var other = signed(token().withClaim("userId", 8), way.algorithm).reveal().split("\\.", -1);
        refused(way, new Secret(parts[0] + "." + other[1] + "." + parts[2]), "signature");
        refused(way, new Secret(good.substring(0, good.length() - 8)), "signature");
        refused(way, new Secret(good + ".x"), "JWT");
        refused(way, new Secret(parts[0] + "." + parts[1]), "JWT");
    }

    @ParameterizedTest
    @EnumSource
    void timeIsKeptWithALittleLeeway(Way way) {
        refused(way, signed(token().withExpiresAt(NOW.minusSeconds(6)), way.algorithm), "expired");
        accepted(way, signed(token().withExpiresAt(NOW.minusSeconds(4)), way.algorithm));
        refused(
                way,
                signed(token().withNotBefore(NOW.plusSeconds(6)), way.algorithm),
                "not valid yet");
        accepted(way, signed(token().withNotBefore(NOW.plusSeconds(4)), way.algorithm));
        refused(
                way,
                signed(token().withIssuedAt(NOW.plusSeconds(6)), way.algorithm),
                "from the future");
    }

    @ParameterizedTest
    @EnumSource
    void aTokenWithoutAnEndIsRefused(Way way) {
        var header = "{\"alg\":\"" + way.algorithm.getName() + "\"}";
        refused(way, rawSigned(header, "{\"userId\":7}", way.algorithm), "lacks the claim exp");
        for (var never :
                new String[] {
                    "null", "\"2099-01-01\"", "1e99", "9223372036854775807", "[]", "true", "-1"
                }) {
            refused(
                    way,
                    rawSigned(header, "{\"userId\":7,\"exp\":" + never + "}", way.algorithm),
                    "");
        }
    }

    @ParameterizedTest
    @EnumSource
    void issuerAndAudienceAreCheckedWhenConfigured(Way way) {
        var verifier = way.checking("https://issuer", "ide");
        assertThat(
                        verifier.verify(
                                signed(
                                        token().withIssuer("https://issuer")
                                                .withAudience("x", "ide"),
                                        way.algorithm)))
                .isInstanceOf(Accepted.class);
        refused(
                verifier,
                signed(token().withIssuer("https://other").withAudience("ide"), way.algorithm),
                "another issuer");
        refused(
                verifier,
                signed(token().withIssuer("https://issuer").withAudience("other"), way.algorithm),
                "another audience");
        refused(verifier, signed(token().withAudience("ide"), way.algorithm), "iss");
        refused(verifier, signed(token().withIssuer("https://issuer"), way.algorithm), "aud");
    }

    @ParameterizedTest
    @EnumSource
    void aHugeTokenIsRefusedUnread(Way way) {
        var huge = signed(token().withClaim("x", "y".repeat(9000)), way.algorithm);
        refused(way, huge, "more than 8192 characters");
        refused(way, new Secret("a".repeat(5_000_000)), "more than 8192 characters");
    }

    @ParameterizedTest
    @EnumSource
    void deeplyNestedClaimsAreRefused(Way way) {
        var deep = "{\"a\":" + "[".repeat(4000) + "]".repeat(1000) + "}";
        refused(
                way,
                rawSigned("{\"alg\":\"" + way.algorithm.getName() + "\"}", deep, way.algorithm),
                "");
    }

    @Test
    void noRejectionRepeatsTheToken() {
        var verifier = Way.KEY_RS256.verifier();
        var token = signed(token().withClaim("userId", "hush-hush").withIssuer("hush-hush"), HS256);
        assertThat(verifier.verify(token).toString())
                .doesNotContain("hush")
                .doesNotContain(token.reveal().substring(0, 20));
        assertThat(verifier.verify(new Secret("hush-hush")).toString()).doesNotContain("hush");
    }

    @Property(tries = 1000)
    void noTextMakesVerificationThrow(@ForAll String text) {
        assertThat(Way.SECRET_HS256.verifier().verify(new Secret(text)))
                .isInstanceOf(Rejected.class);
    }

    @Property(tries = 500)
    void noHeaderOrPayloadMakesVerificationThrow(
            @ForAll @StringLength(max = 200) String header,
            @ForAll @StringLength(max = 200) String payload) {
        assertThat(Way.SECRET_HS256.verifier().verify(rawSigned(header, payload, HS256)))
                .isInstanceOf(Rejected.class);
        assertThat(
                        Way.SECRET_HS256
                                .verifier()
                                .verify(rawSigned("{\"alg\":\"HS256\"}", payload, HS256)))
                .isInstanceOf(Rejected.class);
    }

    private static void accepted(Way way, Secret token) {
        assertThat(way.verifier().verify(token)).isInstanceOf(Accepted.class);
    }

    private static void refused(Way way, Secret token, String why) {
        refused(way.verifier(), token, why);
    }

    private static void refused(TokenVerifier verifier, Secret token, String why) {
        assertThat(verifier.verify(token))
                .isInstanceOfSatisfying(
                        Rejected.class, rejected -> assertThat(rejected.why()).contains(why));
    }
}
