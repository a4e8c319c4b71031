package dev.runtimebridge.store;

import static dev.runtimebridge.store.Rows.NOW;
import static dev.runtimebridge.store.Rows.PYTHON;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.allocation.Allocation;
import dev.runtimebridge.allocation.AllocationState;
import dev.runtimebridge.allocation.EndReason;
import dev.runtimebridge.allocation.Slot;
import dev.runtimebridge.fleet.Container;
import dev.runtimebridge.fleet.ContainerState;
import dev.runtimebridge.fleet.Lease;
import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.testing.TestDatabases;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Whatever requests and passes do, with rows as old as they like, the keys hold. */
class ClaimsPropertyTest {
    private static final EndReason OVER =
            new EndReason(EndReason.Code.CONTAINER_LOST, "the property ended it");
    private static final int KINDS = 8;

    // Rows as they were read at some time: most of them are stale.
    private final List<Allocation> allocations = new ArrayList<>();
    private final List<Container> containers = new ArrayList<>();
    private final Rows rows = new Rows(5);
    private Database database;
    private SqlClaims claims;
    private SqlFleet fleet;

    @BeforeTry
    void open() {
        database = TestDatabases.h2();
        claims = new SqlClaims(database);
        fleet = new SqlFleet(database);
        allocations.clear();
        containers.clear();
    }

    @AfterTry
    void close() {
        database.close();
    }

    @Property(tries = 20)
    void atMostOneLiveAllocationPerKeyAndPerContainer(
            @ForAll @Size(min = 5, max = 60) List<@IntRange(min = 0, max = 9_999) Integer> steps) {
        var lease = new SqlLease(database).acquire("bridge-1", Duration.ofHours(1)).orElseThrow();
        for (int step : steps) {
            take(step % KINDS, step / KINDS, lease);
            assertThat(doubled("owner, image_id, slot", "allocation", "ENDED")).isZero();
            assertThat(doubled("container_id", "allocation", "ENDED")).isZero();
            assertThat(doubled("ref", "container", "STOPPED")).isZero();
        }
    }

    private void take(int kind, int choice, Lease lease) {
        switch (kind) {
            case 0, 1 -> claim(choice);
            case 2 -> newContainer(lease);
            case 3, 4 -> advance(choice, lease);
            case 5 -> bind(choice, lease);
            case 6 -> end(choice, lease);
            default -> look();
        }
    }

    private void claim(int choice) {
        var user = List.of("bob", "Bob", "bob ").get(choice % 3);
        var slot = new Slot(List.of("", "a").get(choice / 3 % 2));
        claims.claim(List.of(rows.claim(user, PYTHON, slot)), 2)
                .forEach(found -> found.ifPresent(allocations::add));
    }

    private void newContainer(Lease lease) {
        var batch = rows.batch(1);
        var created = rows.containers(batch);
        assertThat(fleet.commit(lease, Rows.starting(List.of(batch), created))).isTrue();
        containers.addAll(created);
    }

    private void advance(int choice, Lease lease) {
        if (containers.isEmpty()) {
            return;
        }
        var container = containers.get(choice % containers.size());
        var next =
                switch (container.state()) {
                    case REQUESTED -> container.start(new ContainerRef("ref-" + choice % 4), NOW);
                    case STARTING -> container.ready(new Address("127.64.0.9", 8000), NOW);
                    case READY, BOUND, STOPPING ->
                            container.stopped(new Cause(Cause.Kind.EXITED, ""), NOW);
                    case STOPPED -> container;
                };
        attempt(lease, List.of(next), List.of());
    }

    private void bind(int choice, Lease lease) {
        var waiting =
                allocations.stream().filter(a -> a.state() == AllocationState.WAITING).toList();
        var ready = containers.stream().filter(c -> c.state() == ContainerState.READY).toList();
        if (!waiting.isEmpty() && !ready.isEmpty()) {
            var container = ready.get(choice % ready.size());
            var allocation = waiting.get(choice % waiting.size()).bindTo(container.id());
            // Without the container's own update, whose version would give the race away.
            attempt(
                    lease,
                    choice % 2 == 0 ? List.of(container.bind()) : List.of(),
                    List.of(allocation));
        }
    }

    private void end(int choice, Lease lease) {
        if (allocations.isEmpty()) {
            return;
        }
        var allocation = allocations.get(choice % allocations.size());
        if (choice % 3 == 0) {
            claims.startEnding(allocation.id(), OVER, NOW);
        } else if (allocation.state().live()) {
            attempt(lease, List.of(), List.of(allocation.end(OVER, NOW)));
        }
    }

    private void look() {
        var view = fleet.view(Set.copyOf(fleet.running()));
        allocations.addAll(view.allocations());
        containers.addAll(view.containers());
    }

    private void attempt(Lease lease, List<Container> changed, List<Allocation> moved) {
        try {
            fleet.commit(lease, Rows.updating(changed, moved));
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageContaining("a unique key is taken");
        }
    }

    private long doubled(String key, String table, String over) {
        var sql =
                "select count(*) from (select count(*) as times from %s where state <> '%s' and %s"
                        + " is not null group by %s having count(*) > 1) as doubled";
        return database.read(
                Database.Lane.LOOPS,
                (handle, attempt) ->
                        handle.createQuery(sql.formatted(table, over, key.split(",")[0], key))
                                .mapTo(Long.class)
                                .one());
    }
}
