package dev.runtimebridge.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;

import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.Ids;
import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.auth.Caller;
import dev.runtimebridge.auth.TokenVerifier.Verdict;
import dev.runtimebridge.gateway.Decision.Allowed;
import dev.runtimebridge.gateway.Decision.Refusal;
import dev.runtimebridge.gateway.Decision.Refused;
import dev.runtimebridge.provider.Address;
import dev.runtimebridge.secret.Assertions;
import dev.runtimebridge.secret.BridgeKey;
import dev.runtimebridge.secret.DerivedKeys;
import dev.runtimebridge.secret.GatewayPass;
import dev.runtimebridge.secret.GatewayPasses;
import dev.runtimebridge.secret.Secret;
import dev.runtimebridge.testing.SettableClock;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

class GatekeeperTest {
    private static final Duration WITHOUT_STORE = Duration.ofSeconds(30);
    private static BridgeKey key;

    private final SettableClock clock = new SettableClock();
    private final FakeLiveStore store = new FakeLiveStore();
    private final LiveContainers live = new LiveContainers(store, clock, WITHOUT_STORE);
    private final GatewayPasses passes =
            new GatewayPasses(new DerivedKeys(new byte[] {1, 2, 3}), clock);
    private final Ids ids = new Ids(new Random(3));
    private final Map<String, Shares.Standing> shares = new HashMap<>();
    private final Gatekeeper gatekeeper =
            new Gatekeeper(
                    live,
                    this::verify,
                    passes,
                    share -> shares.getOrDefault(share, Shares.Standing.WITHDRAWN),
                    new Assertions(key.privateKey(), clock));

    @BeforeAll
    static void makeKey() {
        key = BridgeKey.generate(new SecureRandom());
    }

    @BeforeEach
    void readOnce() {
        live.catchUp();
        clock.pass(Duration.ofMillis(30));
    }

    private Verdict verify(Secret token) {
        if (token.reveal().equals("down")) {
            return new Verdict.Unavailable("who would know is down");
        }
        return token.reveal().startsWith("user:")
                ? new Verdict.Accepted(
                        new Caller(
                                new UserId(token.reveal().substring(5)),
                                Optional.empty(),
                                Set.of(),
                                Optional.empty(),
                                clock.instant().plusSeconds(60)))
                : new Verdict.Rejected("no");
    }

    private static Credential.Bearer user(String name) {
        return new Credential.Bearer(new Secret("user:" + name));
    }

    private Decision host(LiveContainer container, int port, Credential credential) {
        return gatekeeper.decide(new Target.ByHost(container.id(), port), credential);
    }

    private static void assertRefused(Decision decision, Refusal why) {
        assertThat(decision).isEqualTo(new Refused(why));
    }

    @Test
    void anOwnerReachesTheAgentAndNobodyElseDoes() {
        var container = store.begin("7", "10.0.0.1");

        assertThat(host(container, 8000, user("7")))
                .isInstanceOfSatisfying(
                        Allowed.class,
                        allowed -> {
                            assertThat(allowed.agent()).isEqualTo(new Address("10.0.0.1", 8000));
                            assertThat(allowed.forwarded()).isFalse();
                        });
        assertRefused(host(container, 8000, user("8")), Refusal.NO_CONTAINER);
        assertRefused(host(container, 8000, new Credential.None()), Refusal.LOG_IN);
        assertRefused(
                host(container, 8000, new Credential.Bearer(new Secret("forged"))), Refusal.LOG_IN);
        assertRefused(
                host(container, 8000, new Credential.Bearer(new Secret("down"))),
                Refusal.UNAVAILABLE);
    }

    @Test
    void anAssertionThatOpensAPortEndsWithinAMinuteAndOneThatOnlyTellsWhoComesWithinFive() {
        var container = store.begin("7", "10.0.0.1");
        assertThat(lasts((Allowed) host(container, 3000, user("7"))))
                .isBetween(Duration.ofSeconds(59), Duration.ofMinutes(1));
        assertThat(lasts((Allowed) host(container, 8000, user("7"))))
                .isBetween(Duration.ofSeconds(299), Duration.ofMinutes(5));
    }

    private Duration lasts(Allowed allowed) {
        var assertion = JWT.decode(allowed.assertion().orElseThrow().reveal());
        return Duration.between(clock.instant(), assertion.getExpiresAtAsInstant());
    }

    @Test
    void aContainerThatIsNotThereLooksLikeSomebodyElses() {
        assertRefused(
                gatekeeper.decide(new Target.ByHost(ids.allocation(), 8000), user("7")),
                Refusal.NO_CONTAINER);
    }

    @Test
    void otherPortsGoByTheAgentWithAnAssertionThatNamesThem() {
        var container = store.begin("7", "10.0.0.1");

        var decision = (Allowed) host(container, 3000, user("7"));

        assertThat(decision.agent()).isEqualTo(new Address("10.0.0.1", 8000));
        assertThat(decision.forwarded()).isTrue();
        var jwt =
                JWT.require(Algorithm.RSA256(key.publicKey(), null))
                        .acceptLeeway(1L << 40)
                        .build()
                        .verify(decision.assertion().orElseThrow().reveal());
        assertThat(jwt.getIssuer()).isEqualTo("runtime-bridge-gateway");
        assertThat(jwt.getAudience()).containsExactly(container.ref().value());
        assertThat(jwt.getSubject()).isEqualTo("7");
        assertThat(jwt.getClaim("port").asInt()).isEqualTo(3000);
        assertThat(jwt.getExpiresAtAsInstant()).isBeforeOrEqualTo(clock.instant().plusSeconds(60));
    }

    @Test
    void byPathThereIsTheAgentsPortOnly() {
        var container = store.begin("7", "10.0.0.1");

        assertThat(gatekeeper.decide(new Target.ByPath(container.id(), 8000), user("7")))
                .isInstanceOf(Allowed.class);
        assertRefused(
                gatekeeper.decide(new Target.ByPath(container.id(), 3000), user("7")),
                Refusal.OTHER_PORT);
        assertRefused(
                gatekeeper.decide(new Target.ByPath(container.id(), 3000), user("8")),
                Refusal.NO_CONTAINER);
    }

    @Test
    void anAddressIsKnownWhileItIsALiveAgents() {
        var container = store.begin("7", "10.0.0.1");
        var target = new Target.ByAddress(container.agent());

        assertThat(gatekeeper.decide(target, new Credential.None())).isInstanceOf(Allowed.class);
        assertRefused(
                gatekeeper.decide(
                        new Target.ByAddress(new Address("10.0.0.1", 8001)), new Credential.None()),
                Refusal.NO_CONTAINER);

        store.end(container);
        live.catchUp();
        assertRefused(gatekeeper.decide(target, new Credential.None()), Refusal.NO_CONTAINER);
    }

    @Test
    void anAddressThatIsUsedAgainBelongsToTheNewContainer() {
        var first = store.begin("7", "10.0.0.1");
        live.catchUp();
        store.end(first);
        var second = store.begin("8", "10.0.0.1");
        live.catchUp();

        assertThat(gatekeeper.decide(new Target.ByAddress(second.agent()), new Credential.None()))
                .isInstanceOfSatisfying(
                        Allowed.class,
                        allowed -> assertThat(allowed.container()).isEqualTo(second));
        assertRefused(host(first, 8000, user("7")), Refusal.NO_CONTAINER);
    }

    @Test
    void aSessionIsForOneUserAndOneContainer() {
        var container = store.begin("7", "10.0.0.1");
        var other = store.begin("7", "10.0.0.2");
        var foreign = store.begin("8", "10.0.0.3");

        assertThat(host(container, 3000, session(container.id(), "7"))).isInstanceOf(Allowed.class);
        assertRefused(host(other, 3000, session(container.id(), "7")), Refusal.LOG_IN);
        assertRefused(host(foreign, 3000, session(foreign.id(), "7")), Refusal.NO_CONTAINER);
        assertRefused(
                host(container, 3000, new Credential.Session(new Secret("forged"))),
                Refusal.LOG_IN);
    }

    private Credential session(AllocationId id, String user) {
        return new Credential.Session(
                passes.write(
                        new GatewayPass.Session(
                                id,
                                ids.draw(),
                                clock.instant().plusSeconds(60),
                                new UserId(user))));
    }

    @Test
    void aSessionEnds() {
        var container = store.begin("7", "10.0.0.1");
        var session = session(container.id(), "7");
        assertThat(host(container, 3000, session)).isInstanceOf(Allowed.class);

        clock.pass(Duration.ofSeconds(61));
        live.catchUp();

        assertRefused(host(container, 3000, session), Refusal.LOG_IN);
    }

    @Test
    void readingAllAnewKeepsOneObjectForEachContainerThatIsTheSame() {
        var id = store.begin("7", "10.0.0.1").id();
        var first = live.find(id).orElseThrow();

        clock.pass(Duration.ofSeconds(61));
        live.catchUp();

        assertThat(live.find(id).orElseThrow()).isSameAs(first);
    }

    @Test
    void aLinkIsNoSession() {
        var container = store.begin("7", "10.0.0.1");
        var link =
                passes.write(
                        new GatewayPass.HandOver(
                                container.id(),
                                ids.draw(),
                                clock.instant().plusSeconds(60),
                                new UserId("7")));

        assertRefused(host(container, 8000, new Credential.Session(link)), Refusal.LOG_IN);
    }

    @Test
    void aGuestReachesTheSharedPortByHostUntilItIsWithdrawn() {
        var container = store.begin("7", "10.0.0.1");
        var guest =
                new Credential.Session(
                        passes.write(
                                new GatewayPass.Guest(
                                        container.id(),
                                        "s",
                                        clock.instant().plusSeconds(60),
                                        "s",
                                        3000)));
        shares.put("s", Shares.Standing.VALID);

        assertThat(host(container, 3000, guest)).isInstanceOf(Allowed.class);
        assertRefused(host(container, 3001, guest), Refusal.NOT_SHARED);
        assertRefused(host(container, 8000, guest), Refusal.NOT_SHARED);
        assertRefused(
                gatekeeper.decide(new Target.ByPath(container.id(), 3000), guest),
                Refusal.NOT_SHARED);

        shares.put("s", Shares.Standing.UNKNOWN);
        assertRefused(host(container, 3000, guest), Refusal.UNAVAILABLE);
        shares.put("s", Shares.Standing.WITHDRAWN);
        assertRefused(host(container, 3000, guest), Refusal.NOT_SHARED);
    }

    @Test
    void whatBeganJustNowIsFoundAtOnce() {
        var container = store.begin("7", "10.0.0.1");

        assertThat(host(container, 8000, user("7"))).isInstanceOf(Allowed.class);
    }

    @Test
    void aFloodOfUnknownIdsDoesNotFloodTheStore() {
        live.catchUp();
        int before = store.reads;

        for (int i = 0; i < 1_000; i++) {
            gatekeeper.decide(new Target.ByHost(ids.allocation(), 8000), user("7"));
        }

        assertThat(store.reads - before).isLessThan(3);
    }

    @Test
    void withoutTheStoreWhatIsKnownStandsForAWhileAndThenNothingDoes() {
        var container = store.begin("7", "10.0.0.1");
        live.catchUp();
        store.down = true;

        clock.pass(WITHOUT_STORE.minusSeconds(1));
        live.catchUp();
        assertThat(host(container, 8000, user("7"))).isInstanceOf(Allowed.class);

        clock.pass(Duration.ofSeconds(2));
        live.catchUp();
        assertRefused(host(container, 8000, user("7")), Refusal.UNAVAILABLE);

        store.down = false;
        live.catchUp();
        assertThat(host(container, 8000, user("7"))).isInstanceOf(Allowed.class);
    }

    @Test
    void targetsAreReadStrictly() {
        var id = ids.allocation();
        assertThat(Target.parse("host " + id + " 3000")).contains(new Target.ByHost(id, 3000));
        assertThat(Target.parse("path " + id + " 3000")).contains(new Target.ByPath(id, 3000));
        assertThat(Target.parse("address 10.0.0.1 8000"))
                .contains(new Target.ByAddress(new Address("10.0.0.1", 8000)));
        for (var odd :
                new String[] {
                    "",
                    "host",
                    "host x 3000",
                    "host " + id + " 0",
                    "host " + id + " 99999",
                    "host " + id + " 3000 ",
                    "any " + id + " 3000",
                    "address  8000"
                }) {
            assertThat(Target.parse(odd)).as(odd).isEmpty();
        }
    }
}
