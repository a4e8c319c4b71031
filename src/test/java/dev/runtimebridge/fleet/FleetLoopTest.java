package dev.runtimebridge.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.agent.HttpAgentClient;
import dev.runtimebridge.allocation.Allocation;
import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.AllocationState;
import dev.runtimebridge.allocation.Event;
import dev.runtimebridge.allocation.Ids;
import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.allocation.Slot;
import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.launch.Waiting;
import dev.runtimebridge.secret.ApiKeys;
import dev.runtimebridge.secret.BridgeKey;
import dev.runtimebridge.secret.BridgeProof;
import dev.runtimebridge.secret.Sealer;
import dev.runtimebridge.store.Database;
import dev.runtimebridge.store.SqlClaims;
import dev.runtimebridge.store.SqlFleet;
import dev.runtimebridge.store.SqlImages;
import dev.runtimebridge.store.SqlLease;
import dev.runtimebridge.testing.FakeProvider;
import dev.runtimebridge.testing.StubAgent;
import dev.runtimebridge.testing.StubAgents;
import dev.runtimebridge.testing.TestDatabases;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/** The loop with its threads, against agents over real HTTP. */
@Timeout(120)
class FleetLoopTest {
    private static final ImageId PYTHON = new ImageId(1);
    private static final ImageId NODE = new ImageId(2);
    private static final Duration LEASE = Duration.ofSeconds(1);
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final int DRIPPING = 100;
    private static final BridgeKey KEY = BridgeKey.generate(new SecureRandom());

    private final InstantSource clock = InstantSource.system();
    private final StubAgents agents = new StubAgents();
    private final FakeProvider provider = new FakeProvider(clock, agents);
    private final Database database = TestDatabases.h2();
    private final SqlClaims claims = new SqlClaims(database);
    private final Waiting waiting = new Waiting(claims);
    private final Map<ImageId, Image> images =
            new SqlImages(database)
                    .images().stream().collect(Collectors.toMap(Image::id, image -> image));
    private final Ids ids = new Ids(new SecureRandom());
    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private HttpAgentClient client;

    @BeforeEach
    void open() throws Exception {
        var proof = new BridgeProof(KEY.privateKey(), clock);
        client = new HttpAgentClient(proof, LIMIT, LIMIT, true);
        client.warmUp();
    }

    @AfterEach
    void close() throws Exception {
        for (var each : opened.reversed()) {
            each.close();
        }
        agents.close();
        client.close();
        calls.shutdownNow();
        database.close();
    }

    private FleetLoop loop(String holder, CountDownLatch leads) {
        var settings =
                new FleetSettings(
                        holder,
                        LEASE,
                        Duration.ofMillis(100),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(60));
        var made = new AtomicReference<FleetLoop>();
        var controller =
                new FleetController(
                        new SqlFleet(database),
                        provider,
                        client,
                        id -> java.util.Optional.ofNullable(images.get(id)),
                        new ApiKeys(new byte[32]),
                        new Sealer("k", Map.of("k", new byte[32]), new SecureRandom()),
                        ids,
                        clock,
                        settings,
                        Calls.on(calls),
                        told -> {
                            waiting.progressed(told.progressed());
                            leads.countDown();
                        },
                        () -> made.get().nudge());
        made.set(new FleetLoop(controller, new SqlLease(database), settings, clock));
        opened.add(made.get());
        made.get().start();
        return made.get();
    }

    private AllocationId ask(String user, ImageId image, FleetLoop loop) {
        var wish =
                Allocation.waiting(
                        ids.allocation(), new UserId(user), image, Slot.DEFAULT, clock.instant());
        var id = claims.claim(List.of(wish), 10).getFirst().orElseThrow().id();
        loop.wake();
        return id;
    }

    private void awaitActive(AllocationId id) throws InterruptedException {
        try (var ticket = waiting.listen(id)) {
            while (claims.find(id).orElseThrow().allocation().state() != AllocationState.ACTIVE) {
                ticket.await(Duration.ofSeconds(5));
            }
        }
    }

    @Test
    void theFirstTurnIsOverOnceWhatAnEarlierBridgeLeftIsBeingAskedFor() throws Exception {
        var wish =
                Allocation.waiting(
                        ids.allocation(), new UserId("one"), PYTHON, Slot.DEFAULT, clock.instant());
        claims.claim(List.of(wish), 10);
        var loop = loop("a", new CountDownLatch(1));
        loop.awaitFirstTurn(Duration.ofSeconds(60));
        assertThat(claims.events(wish.id(), 0))
                .anyMatch(event -> event.phase() == Event.Phase.REQUESTED);
        awaitActive(wish.id());
    }

    @Test
    void aHundredAgentsThatDripDoNotSlowAnotherLaunch() throws Exception {
        var loop = loop("a", new CountDownLatch(1));
        agents.comeUp(StubAgent.Behaviour.DRIPS);
        for (int i = 0; i < DRIPPING; i++) {
            ask("slow " + i, NODE, loop);
        }
        while (provider.running().size() < DRIPPING) {
            Thread.onSpinWait();
        }
        agents.comeUp(StubAgent.Behaviour.WELL);
        var before = clock.instant();
        // One after the other they would take a limit each, two hundred seconds together.
        awaitActive(ask("quick", PYTHON, loop));
        assertThat(Duration.between(before, clock.instant()))
                .isLessThan(LIMIT.multipliedBy(DRIPPING / 10));
    }

    @Test
    void twoHundredLaunchesAtOnceAreAllServed() throws Exception {
        var loop = loop("a", new CountDownLatch(1));
        var asked = new ArrayList<AllocationId>();
        for (int i = 0; i < 200; i++) {
            asked.add(ask("user " + i, PYTHON, loop));
        }
        for (var id : asked) {
            awaitActive(id);
        }
        assertThat(provider.running()).hasSize(200);
    }

    @Test
    void whenTheHolderOfTheLeaseGoesTheOtherCarriesOn() throws Exception {
        var firstLeads = new CountDownLatch(1);
        var first = loop("a", firstLeads);
        awaitActive(ask("one", PYTHON, first));
        firstLeads.await();
        var secondLeads = new CountDownLatch(1);
        var second = loop("b", secondLeads);
        assertThat(second.lease()).isEmpty();
        first.close();
        awaitActive(ask("two", PYTHON, second));
        secondLeads.await();
        assertThat(provider.running()).hasSize(2);
    }
}
