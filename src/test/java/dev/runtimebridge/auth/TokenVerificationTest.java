package dev.runtimebridge.auth;

import static dev.runtimebridge.auth.Tokens.EC;
import static dev.runtimebridge.auth.Tokens.NOW;
import static dev.runtimebridge.auth.Tokens.RSA;
import static dev.runtimebridge.auth.Tokens.rs256;
import static dev.runtimebridge.auth.Tokens.signed;
import static dev.runtimebridge.auth.Tokens.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.runtimebridge.auth.AuthSettings.KeyAlgorithm;
import dev.runtimebridge.auth.AuthSettings.Mode;
import dev.runtimebridge.auth.TokenVerifier.Verdict.Accepted;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;

class TokenVerificationTest {
    @Test
    void warmingUpFetchesTheIssuersKeys() throws IOException {
        try (var issuer = new Issuer();
                var verification =
                        verification(new Mode.Jwks(KeyAlgorithm.RS256, issuer.url("/")))) {
            issuer.publishes(Issuer.jwk("a", RSA));
            verification.warmUp();
            assertThat(issuer.asked()).hasSize(1);
            assertThat(verification.verify(signed(token().withKeyId("a"), rs256(RSA))))
                    .isInstanceOf(Accepted.class);
            assertThat(issuer.asked()).hasSize(1);
        }
    }

    @Test
    void warmingUpLeavesARemoteServiceInPeace() throws IOException {
        try (var service = new Issuer();
                var verification = verification(new Mode.Remote(service.url("/")))) {
            verification.warmUp();
            assertThat(service.asked()).isEmpty();
        }
    }

    @Test
    void warmingUpNeverFails() {
        for (var mode :
                new Mode[] {
                    new Mode.SharedSecret(Tokens.SECRET),
                    new Mode.FixedKey(KeyAlgorithm.ES256, EC.getPublic()),
                    new Mode.FixedKey(KeyAlgorithm.RS256, RSA.getPublic()),
                    new Mode.Jwks(KeyAlgorithm.ES256, URI.create("http://127.0.0.1:1/"))
                }) {
            try (var verification = verification(mode)) {
                assertThatCode(verification::warmUp).doesNotThrowAnyException();
            }
        }
    }

    private static TokenVerification verification(Mode mode) {
        return new TokenVerification(Tokens.settings(mode), () -> NOW);
    }
}
