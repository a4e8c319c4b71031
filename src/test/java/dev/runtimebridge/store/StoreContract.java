package dev.runtimebridge.store;

import static dev.runtimebridge.store.Rows.NOW;
import static dev.runtimebridge.store.Rows.PYTHON;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.allocation.Allocation;
import dev.runtimebridge.allocation.AllocationState;
import dev.runtimebridge.allocation.EndReason;
import dev.runtimebridge.allocation.Event;
import dev.runtimebridge.allocation.Slot;
import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.fleet.Changes;
import dev.runtimebridge.fleet.Container;
import dev.runtimebridge.fleet.Lease;
import dev.runtimebridge.launch.Claim;
import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.ContainerRef;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
        assertThat(fleet.bound()).containsExactly(ref);
        assertThat(fleet.known(List.of(ref, new ContainerRef("other")))).containsExactly(ref);
        assertThat(fleet.live("fake")).hasSize(2);
        assertThat(fleet.live("other")).isEmpty();
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
