package dev.runtimebridge.auth;

import static dev.runtimebridge.auth.Tokens.HS256;
import static dev.runtimebridge.auth.Tokens.NOW;
import static dev.runtimebridge.auth.Tokens.rawSigned;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.auth.AuthSettings.ClaimNames;
import dev.runtimebridge.auth.AuthSettings.Mode;
import dev.runtimebridge.auth.TokenVerifier.Verdict;
import dev.runtimebridge.auth.TokenVerifier.Verdict.Accepted;
import dev.runtimebridge.auth.TokenVerifier.Verdict.Rejected;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

class ClaimsTest {
    private static final ClaimNames FIRST_BRIDGE = new ClaimNames("userId", "email", "roles");
    private static final ClaimNames STANDARD = new ClaimNames("sub", "email", "scope");

    @Test
    void aNumberAndItsDigitsAreTheSameUser() {
        assertThat(caller(FIRST_BRIDGE, "\"userId\":7").user()).isEqualTo(new UserId("7"));
        assertThat(caller(FIRST_BRIDGE, "\"userId\":\"7\"").user()).isEqualTo(new UserId("7"));
        assertThat(caller(FIRST_BRIDGE, "\"userId\":12345678901234567890").user())
                .isEqualTo(new UserId("12345678901234567890"));
    }

    @Test
    void onlyTheConfiguredClaimNamesTheUser() {
        assertThat(caller(STANDARD, "\"sub\":\"auth0|bob\",\"userId\":7").user())
                .isEqualTo(new UserId("auth0|bob"));
        assertThat(verdict(FIRST_BRIDGE, "\"sub\":\"7\""))
                .isEqualTo(new Rejected("the token lacks the claim userId, which names the user"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "7.0",
                "7.5",
                "1e3",
                "true",
                "[7]",
                "{\"id\":7}",
                "\"\"",
                "\"a\\u0000b\"",
                "\"a\\nb\""
            })
    void whatIsNoUserIdIsRefused(String id) {
        assertThat(verdict(FIRST_BRIDGE, "\"userId\":" + id)).isInstanceOf(Rejected.class);
    }

    @Test
    void aUserIdIsAtMost255Bytes() {
        assertThat(verdict(FIRST_BRIDGE, "\"userId\":\"" + "é".repeat(127) + "\""))
                .isInstanceOf(Accepted.class);
        assertThat(verdict(FIRST_BRIDGE, "\"userId\":\"" + "é".repeat(128) + "\""))
                .isInstanceOf(Rejected.class);
    }

    @Test
    void rolesAreAListOrWords() {
        assertThat(caller(FIRST_BRIDGE, "\"userId\":7,\"roles\":[\"admin\",\"teacher\"]").roles())
                .containsExactlyInAnyOrder("admin", "teacher");
        assertThat(caller(STANDARD, "\"sub\":\"7\",\"scope\":\" admin  teacher \"").roles())
                .containsExactlyInAnyOrder("admin", "teacher");
        assertThat(caller(FIRST_BRIDGE, "\"userId\":7").roles()).isEmpty();
        assertThat(caller(FIRST_BRIDGE, "\"userId\":7,\"roles\":null").roles()).isEmpty();
        assertThat(verdict(FIRST_BRIDGE, "\"userId\":7,\"roles\":{\"admin\":true}"))
                .isInstanceOf(Rejected.class);
        assertThat(verdict(FIRST_BRIDGE, "\"userId\":7,\"roles\":[\"a\",1]"))
                .isInstanceOf(Rejected.class);
    }

    @Test
    void anEmailMayBeAbsent() {
        assertThat(caller(FIRST_BRIDGE, "\"userId\":7").email()).isEmpty();
        assertThat(caller(FIRST_BRIDGE, "\"userId\":7,\"email\":null").email()).isEmpty();
        assertThat(caller(FIRST_BRIDGE, "\"userId\":7,\"email\":\"a@b.c\"").email())
                .contains("a@b.c");
    }

    @Test
    void aMintedTokenVerifies() {
        var minter = new TokenMinter(Tokens.SECRET, () -> NOW);
        var token =
                minter.mint(
                        new UserId("7"), Optional.of("a@b.c"), Set.of("x"), Duration.ofHours(1));
        for (var names : new ClaimNames[] {FIRST_BRIDGE, new ClaimNames("sub", "email", "roles")}) {
            assertThat(verifier(names).verify(token))
                    .isEqualTo(
                            new Accepted(
                                    new Caller(
                                            new UserId("7"),
                                            Optional.of("a@b.c"),
                                            Set.of("x"),
                                            Optional.of(NOW),
                                            NOW.plusSeconds(3600))));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"007", "bob", "99999999999999999999", "-1", "auth0|x"})
    void aMintedTokenNamesItsUserExactly(String user) {
        var minter = new TokenMinter(Tokens.SECRET, () -> NOW);
        var token = minter.mint(new UserId(user), Optional.empty(), Set.of(), Duration.ofHours(1));
        assertThat(verifier(FIRST_BRIDGE).verify(token))
                .isInstanceOfSatisfying(
                        Accepted.class,
                        accepted -> assertThat(accepted.caller().user().value()).isEqualTo(user));
    }

    private static Caller caller(ClaimNames names, String claims) {
        return switch (verdict(names, claims)) {
            case Accepted(var caller) -> caller;
            case Rejected(var why) -> throw new AssertionError(why);
            case Verdict.Unavailable(var why) -> throw new AssertionError(why);
        };
    }

    private static Verdict verdict(ClaimNames names, String claims) {
        var payload = "{" + claims + ",\"exp\":" + NOW.plusSeconds(60).getEpochSecond() + "}";
        return verifier(names).verify(rawSigned("{\"alg\":\"HS256\"}", payload, HS256));
    }

    private static TokenVerifier verifier(ClaimNames names) {
        return new TokenVerification(
                new AuthSettings(
                        new Mode.SharedSecret(Tokens.SECRET),
                        names,
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ZERO),
                () -> NOW);
    }
}
