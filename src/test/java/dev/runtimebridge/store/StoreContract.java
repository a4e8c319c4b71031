package dev.runtimebridge.store;

import static dev.runtimebridge.store.Rows.NOW;
import static dev.runtimebridge.store.Rows.PYTHON;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runtimebridge.allocation.Allocation;
import dev.runtimebridge.allocation.AllocationState;
import dev.runtimebridge.allocation.EndReason;
import dev.runtimebridge.allocation.Event;
import dev.runtimebridge.allocation.Fault;
import dev.runtimebridge.allocation.Slot;
import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.fleet.Changes;
import dev.runtimebridge.fleet.Container;
import dev.runtimebridge.fleet.ContainerState;
import dev.runtimebridge.fleet.Lease;
import dev.runtimebridge.fleet.StaleLeaseException;
import dev.runtimebridge.gateway.LiveContainer;
import dev.runtimebridge.gateway.LiveStore;
import dev.runtimebridge.gateway.Share;
import dev.runtimebridge.launch.Claim;
import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.ContainerRef;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** What every database must do for the stores. */
abstract class StoreContract {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Address ADDRESS = new Address("127.64.0.7", 8000);
    private static final EndReason BY_OWNER =
            new EndReason(EndReason.Code.STOPPED_BY_OWNER, "its owner asked for it");

    private final Rows rows = new Rows(7);
    private DatabaseSettings settings;
    private Database database;
    private SqlClaims claims;
    private SqlFleet fleet;
    private SqlLease leases;

    /** An empty database of its own for each test. */
    abstract DatabaseSettings newDatabase();

    @BeforeEach
    void open() {
        settings = newDatabase();
        database = new Database(settings);
        database.migrate();
        claims = new SqlClaims(database);
        fleet = new SqlFleet(database);
        leases = new SqlLease(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void migratingTwiceChangesNothing() {
        database.migrate();
        database.ping();
        assertThat(new SqlImages(database).images())
                .extracting(Image::language)
                .startsWith("python", "node", "java", "c", "c++", "go", "shell");
        assertThat(new SqlImages(database).languages().getFirst().name()).isEqualTo("python");
    }

    @Test
    void aClaimIsStoredWithItsFirstEventAndFoundByKeyAndById() {
        var wanted = rows.claim("7");
        assertThat(claims.claim(List.of(wanted), 5)).containsExactly(Optional.of(wanted));
        assertThat(claims.live(wanted.owner(), PYTHON, Slot.DEFAULT))
                .contains(new Claim(wanted, Optional.empty()));
        assertThat(claims.find(wanted.id())).contains(new Claim(wanted, Optional.empty()));
        assertThat(claims.events(wanted.id(), 0))
                .singleElement()
                .satisfies(event -> assertThat(event.phase()).isEqualTo(Event.Phase.WAITING))
                .satisfies(event -> assertThat(event.at()).isEqualTo(NOW));
        assertThat(claims.allLive()).containsExactly(wanted.id());
    }

    @Test
    void aSecondClaimOfTheSameKeyGetsTheFirstOne() {
        var first = rows.claim("7");
        var twin = rows.claim("7");
        var later = rows.claim("7");
        assertThat(claims.claim(List.of(first, twin), 5))
                .containsExactly(Optional.of(first), Optional.of(first));
        assertThat(claims.claim(List.of(later), 5)).containsExactly(Optional.of(first));
        assertThat(claims.events(later.id(), 0)).isEmpty();
    }

    @Test
    void theLimitPerUserCountsWhatIsLiveAndWhatComesWithIt() {
        var one = rows.claim("7", PYTHON, new Slot("a"));
        var two = rows.claim("7", PYTHON, new Slot("b"));
        var three = rows.claim("7", PYTHON, new Slot("c"));
        var other = rows.claim("8");
        assertThat(claims.claim(List.of(one), 2)).containsExactly(Optional.of(one));
        assertThat(claims.claim(List.of(two, three, other, one), 2))
                .containsExactly(
                        Optional.of(two), Optional.empty(), Optional.of(other), Optional.of(one));
    }

    @Test
    void userIdsAreComparedAsBytes() {
        for (var name : List.of("bob", "Bob", "bob ", "böb", "b\u006f\u0308b", "bo")) {
            var wanted = rows.claim(name);
            assertThat(claims.claim(List.of(wanted), 5)).containsExactly(Optional.of(wanted));
        }
        assertThat(claims.allLive()).hasSize(6);
        assertThat(claims.live(new UserId("BOB"), PYTHON, Slot.DEFAULT)).isEmpty();
    }

    @Test
    void microsecondsSurviveAndWhatIsFinerIsDroppedAtOnce() {
        var wanted =
                Allocation.waiting(
                        rows.claim("7").id(),
                        new UserId("7"),
                        PYTHON,
                        Slot.DEFAULT,
                        Instant.parse("2026-10-25T00:30:00.987654321Z"));
        var stored = claims.claim(List.of(wanted), 5).getFirst().orElseThrow();
        assertThat(stored.createdAt()).isEqualTo(Instant.parse("2026-10-25T00:30:00.987654Z"));
        assertThat(claims.find(stored.id()).orElseThrow().allocation()).isEqualTo(stored);
    }

    @Test
    void aContainerGoesItsWholeWayAndItsOwnerGetsAddressAndLogin() {
        var lease = lease();
        var wanted = claimed(rows.claim("7"));
        var batch = rows.batch(2);
        var created = rows.containers(batch);
        assertThat(fleet.commit(lease, Rows.starting(List.of(batch), created))).isTrue();

        var view = fleet.view(Set.of());
        assertThat(view.batches()).containsExactly(batch);
        assertThat(view.containers()).containsExactlyElementsOf(created);
        assertThat(view.allocations()).containsExactly(wanted);

        var ref = new ContainerRef("task/1");
        commit(lease, created.get(0).start(ref, NOW), null);
        commit(lease, container(0).ready(ADDRESS, NOW.plusMillis(1)), null);
        var container = container(0);
        assertThat(container.ref()).contains(ref);
        assertThat(container.address()).contains(ADDRESS);
        assertThat(container.readyAt()).contains(NOW.plusMillis(1));
        commit(lease, container.bind(), wanted.bindTo(container.id()));
        assertThat(claims.login(wanted.id())).isEmpty();

        var login = Rows.login(container.id());
        var binding = fleet.view(Set.of()).allocations().getFirst();
        assertThat(
                        fleet.commit(
                                lease,
                                new Changes(
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        List.of(binding.activate(NOW)),
                                        List.of(login),
                                        List.of())))
                .isTrue();

        var claim = claims.live(wanted.owner(), PYTHON, Slot.DEFAULT).orElseThrow();
        assertThat(claim.address()).contains(ADDRESS);
        assertThat(claim.allocation().state()).isEqualTo(AllocationState.ACTIVE);
        assertThat(claims.login(wanted.id()))
                .hasValueSatisfying(
                        stored -> {
                            assertThat(stored).usingRecursiveComparison().isEqualTo(login);
                        });
        var known = new SqlAgents(database).byApiKeyHash(container.apiKeyHash()).orElseThrow();
        assertThat(known.ref()).isEqualTo(ref);
        assertThat(known.allocation()).isEqualTo(claim.allocation());
        assertThat(new SqlAgents(database).byApiKeyHash(created.get(1).apiKeyHash())).isEmpty();
        assertThat(fleet.running()).containsExactly(ref);
        assertThat(fleet.known(List.of(ref, new ContainerRef("other")))).containsExactly(ref);
        assertThat(fleet.live("fake")).hasSize(2);
        assertThat(fleet.live("other")).isEmpty();
    }

    @Test
    void aLostUpdateWritesNothingOfThePass() {
        var lease = lease();
        var first = claimed(rows.claim("7"));
        var second = claimed(rows.claim("8"));
        claims.startEnding(second.id(), BY_OWNER, NOW);
        var batch = rows.batch(1);
        var pass =
                new Changes(
                        List.of(batch),
                        rows.containers(batch),
                        List.of(),
                        List.of(first.startEnding(BY_OWNER), second.end(BY_OWNER, NOW)),
                        List.of(),
                        List.of(Rows.event(first, Event.Phase.ENDING, "lost")));
        assertThat(fleet.commit(lease, pass)).isFalse();
        assertThat(fleet.view(Set.of()).containers()).isEmpty();
        assertThat(claims.find(first.id()).orElseThrow().allocation()).isEqualTo(first);
        assertThat(claims.events(first.id(), 0)).hasSize(1);
    }

    @Test
    void oneLostUpdateAmongAThousandIsNoticed() {
        var lease = lease();
        var stored = manyClaims(1_000);
        claims.startEnding(stored.get(567).id(), BY_OWNER, NOW);
        var all = stored.stream().map(a -> a.startEnding(BY_OWNER)).toList();
        assertThat(fleet.commit(lease, Rows.updating(List.of(), all))).isFalse();
        assertThat(fleet.view(Set.of()).allocations())
                .filteredOn(a -> a.state() == AllocationState.ENDING)
                .hasSize(1);
        var fresh =
                fleet.view(Set.of()).allocations().stream().map(a -> a.end(BY_OWNER, NOW)).toList();
        assertThat(fleet.commit(lease, Rows.updating(List.of(), fresh))).isTrue();
        assertThat(claims.allLive()).isEmpty();
    }

    @Test
    void aStaleLeaseWritesNothing() {
        var old = leases.acquire("bridge-1", Duration.ZERO).orElseThrow();
        var current = leases.acquire("bridge-2", MINUTE).orElseThrow();
        assertThat(current.epoch()).isGreaterThan(old.epoch());
        var batch = rows.batch(1);
        var pass = Rows.starting(List.of(batch), rows.containers(batch));
        assertThatThrownBy(() -> fleet.commit(old, pass))
                .isInstanceOf(StaleLeaseException.class)
                .hasMessageContaining("bridge-1");
        assertThat(fleet.view(Set.of()).containers()).isEmpty();
        assertThat(fleet.commit(current, pass)).isTrue();
    }

    @Test
    void theLeaseBelongsToOneUntilItExpiresOrIsReleased() {
        var first = leases.acquire("bridge-1", MINUTE).orElseThrow();
        assertThat(leases.acquire("bridge-2", MINUTE)).isEmpty();
        assertThat(leases.renew(first, Duration.ZERO)).isTrue();
        var second = leases.acquire("bridge-2", MINUTE).orElseThrow();
        assertThat(leases.renew(first, MINUTE)).isFalse();
        leases.release(first);
        assertThat(leases.renew(second, MINUTE)).isTrue();
        leases.release(second);
        assertThat(leases.acquire("bridge-1", MINUTE)).isPresent();
    }

    @Test
    void aRestartedHolderGoesOnAtOnceUnderAHigherEpoch() {
        var before = leases.acquire("bridge-1", MINUTE).orElseThrow();
        var after = leases.acquire("bridge-1", MINUTE).orElseThrow();
        assertThat(after.epoch()).isGreaterThan(before.epoch());
        assertThat(leases.renew(before, MINUTE)).isFalse();
    }

    @Test
    void theClockOfTheDatabaseHasMicrosecondsAndNoTimeZone() {
        var read =
                database.write(
                        Database.Lane.LOOPS,
                        (handle, attempt) -> {
                            handle.execute(inAnotherTimeZone());
                            return handle.createQuery("select " + database.dialect().nowUs())
                                    .mapTo(Long.class)
                                    .one();
                        });
        assertThat(Duration.between(Times.instant(read), Instant.now()).abs())
                .isLessThan(Duration.ofSeconds(30));
        assertThat(
                        IntStream.range(0, 20)
                                .mapToLong(
                                        i ->
                                                database.read(
                                                        Database.Lane.LOOPS,
                                                        (handle, attempt) ->
                                                                handle.createQuery(
                                                                                "select "
                                                                                        + database.dialect()
                                                                                                .nowUs())
                                                                        .mapTo(Long.class)
                                                                        .one()))
                                .filter(us -> us % 1_000 != 0))
                .isNotEmpty();
    }

    @Test
    void startingTheEndTellsItOnceAndOnlyOfWhatIsLive() {
        var claim = claimed(rows.claim("7"));
        var ending = claims.startEnding(claim.id(), BY_OWNER, NOW).orElseThrow();
        assertThat(ending.state()).isEqualTo(AllocationState.ENDING);
        assertThat(ending.version()).isEqualTo(claim.version() + 1);
        assertThat(claims.startEnding(claim.id(), BY_OWNER, NOW)).contains(ending);
        assertThat(claims.events(claim.id(), 0))
                .extracting(Event::phase)
                .containsExactly(Event.Phase.WAITING, Event.Phase.ENDING);
        assertThat(
                        fleet.commit(
                                lease(),
                                Rows.updating(List.of(), List.of(ending.end(BY_OWNER, NOW)))))
                .isTrue();
        assertThat(claims.startEnding(claim.id(), BY_OWNER, NOW).orElseThrow().state())
                .isEqualTo(AllocationState.ENDED);
        assertThat(claims.startEnding(rows.claim("9").id(), BY_OWNER, NOW)).isEmpty();
        assertThat(claimed(rows.claim("7")).id()).isNotEqualTo(claim.id());
    }

    @Test
    void whatIsKnownToEndSoonIsKeptAndAnotherReasonReplacesItWhole() {
        var claim = claimed(rows.claim("7"));
        var batch = rows.batch(1);
        var container = rows.containers(batch).getFirst();
        assertThat(fleet.commit(lease(), Rows.starting(List.of(batch), List.of(container))))
                .isTrue();
        var why =
                new EndReason(
                        EndReason.Code.CONTAINER_LOST,
                        "taken back",
                        Optional.of(new Fault("interrupted", Fault.Owner.PROVIDER, "save")));
        var active = claim.bindTo(container.id()).activate(NOW).forewarn(why);
        assertThat(fleet.commit(lease(), Rows.updating(List.of(), List.of(active)))).isTrue();
        var kept = claims.find(claim.id()).orElseThrow().allocation();
        assertThat(kept.forewarned()).isTrue();
        assertThat(kept.endReason()).contains(why);

        assertThat(claims.startEnding(claim.id(), BY_OWNER, NOW).orElseThrow().endReason())
                .contains(BY_OWNER);
    }

    @Test
    void whatWentWrongIsKeptWithTheEnd() {
        var claim = claimed(rows.claim("7"));
        var why =
                new EndReason(
                        EndReason.Code.START_FAILED,
                        "no room",
                        Optional.of(new Fault("capacity", Fault.Owner.PROVIDER, "try again")));
        assertThat(fleet.commit(lease(), Rows.updating(List.of(), List.of(claim.end(why, NOW)))))
                .isTrue();
        assertThat(claims.find(claim.id()).orElseThrow().allocation().endReason()).contains(why);
    }

    @Test
    void whatHappensMeanwhileIsAddedToTheStory() {
        var claim = claimed(rows.claim("7"));
        claims.tell(Event.of(claim.id(), NOW, Event.Phase.NOTICED, "memory ran out"));
        var last = claims.events(claim.id(), 0).getLast();
        assertThat(last.phase()).isEqualTo(Event.Phase.NOTICED);
        assertThat(last.detail()).isEqualTo("memory ran out");
    }

    @Test
    void aStoryIsToldInOrderFromAnyEvent() {
        var one = claimed(rows.claim("7"));
        var two = claimed(rows.claim("8"));
        var long1 = "x".repeat(5_000);
        assertThat(
                        fleet.commit(
                                lease(),
                                Rows.telling(
                                        List.of(
                                                Rows.event(one, Event.Phase.REQUESTED, "a"),
                                                Rows.event(two, Event.Phase.REQUESTED, ""),
                                                Rows.event(one, Event.Phase.STARTING, long1)))))
                .isTrue();
        var story = claims.events(one.id(), 0);
        assertThat(story)
                .extracting(Event::phase)
                .containsExactly(Event.Phase.WAITING, Event.Phase.REQUESTED, Event.Phase.STARTING);
        assertThat(story).isSortedAccordingTo(Comparator.comparingLong(Event::id));
        assertThat(claims.events(one.id(), story.get(1).id())).containsExactly(story.get(2));
        assertThat(claims.newestEvents(List.of(one.id(), two.id(), rows.claim("9").id())))
                .containsOnlyKeys(one.id(), two.id())
                .containsEntry(one.id(), story.getLast().id());
    }

    @Test
    void anOwnerSeesWhatIsLiveAfterTheNewestOfWhatIsOver() {
        var lease = lease();
        var ids = new ArrayList<String>();
        for (int i = 0; i < 4; i++) {
            var claim = claimed(rows.claim("7"));
            ids.add(claim.id().value());
            if (i < 3) {
                var over = claim.end(BY_OWNER, NOW.plusSeconds(i));
                assertThat(fleet.commit(lease, Rows.updating(List.of(), List.of(over)))).isTrue();
            }
        }
        claimed(rows.claim("8"));
        assertThat(claims.of(new UserId("7"), 2))
                .extracting(claim -> claim.allocation().id().value())
                .containsExactlyElementsOf(ids.subList(1, 4));
        assertThat(claims.of(new UserId("7"), 0)).hasSize(1);
    }

    @Test
    void twoLiveAllocationsNeverHaveOneContainer() {
        var lease = lease();
        var batch = rows.batch(1);
        var container = rows.containers(batch).getFirst();
        fleet.commit(lease, Rows.starting(List.of(batch), List.of(container)));
        var one = claimed(rows.claim("7")).bindTo(container.id());
        var two = claimed(rows.claim("8")).bindTo(container.id());
        assertThatThrownBy(() -> fleet.commit(lease, Rows.updating(List.of(), List.of(one, two))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("allocation_live_container");
        assertThat(fleet.commit(lease, Rows.updating(List.of(), List.of(one)))).isTrue();
    }

    @Test
    void aReferenceIsUniqueWhileItsContainerLives() {
        var lease = lease();
        var batch = rows.batch(2);
        fleet.commit(lease, Rows.starting(List.of(batch), rows.containers(batch)));
        var ref = new ContainerRef("pid-77");
        commit(lease, container(0).start(ref, NOW), null);
        var twin = container(1).start(ref, NOW);
        assertThatThrownBy(() -> fleet.commit(lease, Rows.updating(List.of(twin), List.of())))
                .hasMessageContaining("container_live_ref");
        var lost = new Cause(Cause.Kind.LOST, "gone");
        commit(lease, container(0).stopped(lost, NOW), null);
        commit(lease, twin, null);
        assertThat(fleet.view(Set.of()).containers())
                .singleElement()
                .satisfies(left -> assertThat(left.state()).isEqualTo(ContainerState.STARTING));
    }

    @Test
    void aBoundContainerIsSeenWhenAskedForOrWhenItsAllocationMoves() {
        var lease = lease();
        var ref = new ContainerRef("task/1");
        var active = active(lease, "7", ref);
        assertThat(fleet.view(Set.of()).containers()).isEmpty();
        var also = fleet.view(Set.of(ref, new ContainerRef("unknown")));
        assertThat(also.containers()).extracting(Container::ref).containsExactly(Optional.of(ref));
        assertThat(also.allocations()).containsExactly(active);
        claims.startEnding(active.id(), BY_OWNER, NOW);
        var ending = fleet.view(Set.of());
        assertThat(ending.containers()).hasSize(1);
        assertThat(ending.allocations()).hasSize(1);
    }

    @Test
    void aContainersCauseIsKeptToItsEnd() {
        var lease = lease();
        var batch = rows.batch(1);
        fleet.commit(lease, Rows.starting(List.of(batch), rows.containers(batch)));
        commit(lease, container(0).start(new ContainerRef("r"), NOW), null);
        var cause = new Cause(Cause.Kind.CAPACITY, "no room at all");
        commit(lease, container(0).startStopping(cause), null);
        assertThat(container(0).cause()).contains(cause);
        assertThat(container(0).state()).isEqualTo(ContainerState.STOPPING);
    }

    @Test
    void sixtyFourThreadsOnTwoBridgesGetOneContainerPerKey() throws Exception {
        try (var other = new Database(settings);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var bridges = List.of(claims, new SqlClaims(other));
            for (int round = 0; round < 5; round++) {
                var users = List.of("a" + round, "b" + round, "c" + round);
                var start = new CountDownLatch(1);
                var answers = new ArrayList<Future<List<Optional<Allocation>>>>();
                for (int i = 0; i < 64; i++) {
                    var bridge = bridges.get(i % 2);
                    var wanted = new ArrayList<>(users.stream().map(rows::claim).toList());
                    Collections.shuffle(wanted, new Random(i));
                    answers.add(
                            threads.submit(
                                    () -> {
                                        start.await();
                                        return bridge.claim(wanted, 5);
                                    }));
                }
                start.countDown();
                var ids = new HashMap<UserId, Set<String>>();
                for (var answer : answers) {
                    for (var allocation : answer.get()) {
                        var got = allocation.orElseThrow();
                        ids.computeIfAbsent(got.owner(), key -> new HashSet<>())
                                .add(got.id().value());
                    }
                }
                assertThat(ids.values()).hasSize(3).allSatisfy(set -> assertThat(set).hasSize(1));
            }
            assertThat(claims.allLive()).hasSize(15);
        }
    }

    /** A statement after which the session lives in another time zone. */
    abstract String inAnotherTimeZone();

    @Test
    void theGatewaySeesWhatIsActiveAndEveryChangeLeavesAnEvent() {
        var live = new SqlLive(database);
        var lease = leases.acquire("a", MINUTE).orElseThrow();
        var before = live.whole();
        assertThat(before.containers()).isEmpty();

        var active = active(lease, "bob", new ContainerRef("ref-1"));

        var seen = live.happened(before.newestEvent(), List.of());
        assertThat(seen).isNotEmpty().allMatch(one -> one.allocation().equals(active.id()));
        var expected =
                new LiveContainer(
                        active.id(), new UserId("bob"), new ContainerRef("ref-1"), ADDRESS);
        assertThat(live.whole().containers()).containsExactly(expected);
        assertThat(live.of(List.of(active.id()))).containsExactly(expected);

        long newest = live.whole().newestEvent();
        claims.startEnding(active.id(), BY_OWNER, NOW);
        assertThat(live.happened(newest, List.of()))
                .extracting(LiveStore.Happened::allocation)
                .containsExactly(active.id());
        assertThat(live.happened(newest + 1, List.of(newest + 1, newest + 9)))
                .extracting(LiveStore.Happened::event)
                .containsExactly(newest + 1);
        assertThat(live.of(List.of(active.id()))).isEmpty();
        assertThat(live.whole().containers()).isEmpty();
    }

    @Test
    void aLinkIsUsedOnceByWhoeverIsFirst() throws Exception {
        var links = new SqlGateway(database, () -> NOW);
        var id = rows.draw();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Boolean> use = () -> links.use(id, NOW.plusSeconds(60));
            var uses = threads.invokeAll(Collections.nCopies(16, use));
            int firsts = 0;
            for (var done : uses) {
                firsts += done.get() ? 1 : 0;
            }
            assertThat(firsts).isEqualTo(1);
        }
        assertThat(links.use(rows.draw(), NOW.plusSeconds(60))).isTrue();
    }

    @Test
    void theLastUseOfAContainerOnlyMovesOn() {
        var activity = new SqlGateway(database, () -> NOW);
        var one = rows.claim("bob").id();
        var two = rows.claim("ann").id();

        activity.used(List.of(one), NOW);
        activity.used(List.of(one, two), NOW.plusSeconds(5));
        activity.used(List.of(one), NOW.plusSeconds(1));

        assertThat(activity.lastUsed(List.of(one, two, rows.claim("eve").id())))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(one, NOW.plusSeconds(5), two, NOW.plusSeconds(5)));
    }

    @Test
    void aShareIsValidUntilItExpiresOrIsWithdrawn() {
        var shares = new SqlShares(database);
        var of = rows.claim("bob").id();
        var share = new Share(rows.draw(), of, 3000, NOW, NOW.plusSeconds(60), Optional.empty());

        assertThat(shares.add(share, 2)).isTrue();
        assertThat(shares.find(share.id())).contains(share);
        assertThat(shares.of(of, NOW)).containsExactly(share);
        assertThat(shares.of(of, NOW.plusSeconds(60))).isEmpty();

        assertThat(shares.withdraw(rows.claim("eve").id(), share.id(), NOW)).isFalse();
        assertThat(shares.withdraw(of, rows.draw(), NOW)).isFalse();
        assertThat(shares.withdraw(of, share.id(), NOW.plusSeconds(1))).isTrue();
        assertThat(shares.withdraw(of, share.id(), NOW.plusSeconds(2))).isTrue();
        assertThat(shares.find(share.id()).orElseThrow().withdrawnAt())
                .contains(NOW.plusSeconds(1));
        assertThat(shares.of(of, NOW.plusSeconds(1))).isEmpty();
    }

    @Test
    void aContainerHasOnlySoManySharesAtATime() {
        var shares = new SqlShares(database);
        var of = rows.claim("bob").id();
        for (int i = 0; i < 3; i++) {
            var share =
                    new Share(
                            rows.draw(), of, 3000 + i, NOW, NOW.plusSeconds(60), Optional.empty());
            assertThat(shares.add(share, 2)).isEqualTo(i < 2);
        }
    }

    private Allocation active(Lease lease, String user, ContainerRef ref) {
        var waiting = claimed(rows.claim(user));
        var batch = rows.batch(1);
        fleet.commit(lease, Rows.starting(List.of(batch), rows.containers(batch)));
        commit(lease, container(0).start(ref, NOW), null);
        commit(lease, container(0).ready(ADDRESS, NOW), null);
        commit(lease, container(0).bind(), waiting.bindTo(container(0).id()));
        var binding = fleet.view(Set.of()).allocations().getFirst();
        var changes = Rows.updating(List.of(), List.of(binding.activate(NOW)));
        assertThat(fleet.commit(lease, changes)).isTrue();
        return claims.find(waiting.id()).orElseThrow().allocation();
    }

    private List<Allocation> manyClaims(int count) {
        var wanted = IntStream.range(0, count).mapToObj(i -> rows.claim("user-" + i)).toList();
        return claims.claim(wanted, 5).stream().map(Optional::orElseThrow).toList();
    }

    private Lease lease() {
        return leases.acquire("bridge-1", MINUTE).orElseThrow();
    }

    private Allocation claimed(Allocation wanted) {
        return claims.claim(List.of(wanted), 5).getFirst().orElseThrow();
    }

    private Container container(int index) {
        return fleet.view(Set.of()).containers().get(index);
    }

    private void commit(Lease lease, Container container, Allocation allocation) {
        var allocations = allocation == null ? List.<Allocation>of() : List.of(allocation);
        assertThat(fleet.commit(lease, Rows.updating(List.of(container), allocations))).isTrue();
    }
}
