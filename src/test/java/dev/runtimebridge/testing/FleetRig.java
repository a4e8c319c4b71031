package dev.runtimebridge.testing;

import dev.runtimebridge.allocation.Allocation;
import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.EndReason;
import dev.runtimebridge.allocation.Ids;
import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.allocation.Slot;
import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.fleet.Calls;
import dev.runtimebridge.fleet.Changes;
import dev.runtimebridge.fleet.Container;
import dev.runtimebridge.fleet.FleetController;
import dev.runtimebridge.fleet.FleetSettings;
import dev.runtimebridge.fleet.FleetStore;
import dev.runtimebridge.fleet.Lease;
import dev.runtimebridge.fleet.Told;
import dev.runtimebridge.fleet.View;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.secret.ApiKeys;
import dev.runtimebridge.secret.Sealer;
import dev.runtimebridge.store.Database;
import dev.runtimebridge.store.SqlClaims;
import dev.runtimebridge.store.SqlFleet;
import dev.runtimebridge.store.SqlImages;
import dev.runtimebridge.store.SqlLease;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;

/**
 * The fleet on a still clock, without threads: a pass runs when told, and so do the calls it asked
 * for.
 */
public final class FleetRig implements AutoCloseable {
    public static final ImageId PYTHON = new ImageId(1);
    public static final FleetSettings SETTINGS =
            new FleetSettings(
                    "rig",
                    Duration.ofHours(1),
                    Duration.ofMillis(250),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(300),
                    Duration.ofSeconds(600),
                    Duration.ofSeconds(30));

    public final SettableClock clock = new SettableClock();
    public final FakeProvider provider = new FakeProvider(clock);
    public final FakeAgents agents = new FakeAgents();
    public final Database database = TestDatabases.h2();
    public final SqlClaims claims = new SqlClaims(database);
    public final CountingStore store = new CountingStore(new SqlFleet(database));
    public final Map<ImageId, Image> images = new HashMap<>();
    private final FleetSettings settings;
    private final SqlLease leases = new SqlLease(database);
    private final Ids ids = new Ids(new Random(42));
    private final Queue<Runnable> calls = new ArrayDeque<>();
    private final List<Told> told = new ArrayList<>();
    private FleetController controller;
    private Lease lease;

    public FleetRig() {
        this(SETTINGS);
    }

    /** With a start deadline of its own, and longer ones for all that waits for it. */
    public FleetRig(Duration startDeadline) {
        this(
                new FleetSettings(
                        SETTINGS.holder(),
                        Duration.ofDays(2),
                        SETTINGS.pollEvery(),
                        startDeadline,
                        startDeadline.multipliedBy(2),
                        startDeadline.multipliedBy(3),
                        SETTINGS.surplusAfter()));
    }

    private FleetRig(FleetSettings settings) {
        this.settings = settings;
        new SqlImages(database).images().forEach(image -> images.put(image.id(), image));
        restart();
    }

    /**
     * A bridge that knows nothing but the database takes over, as after kill -9: calls that were
     * asked for are not made.
     */
    public void restart() {
        restartWithoutHints();
        provider.onChange(controller::look);
    }

    /** The same, and the provider's hints do not reach it. */
    public void restartWithoutHints() {
        calls.clear();
        lease = leases.acquire("rig", settings.leaseTtl()).orElseThrow();
        controller =
                new FleetController(
                        store,
                        provider,
                        agents,
                        id -> Optional.ofNullable(images.get(id)),
                        new ApiKeys(new byte[32]),
                        new Sealer("k", Map.of("k", new byte[32]), new SecureRandom()),
                        ids,
                        clock,
                        settings,
                        Calls.on(calls::add),
                        told::add,
                        () -> {});
    }

    /** What passes have told those who wait. */
    public List<Told> told() {
        return List.copyOf(told);
    }

    public FleetController controller() {
        return controller;
    }

    public Lease lease() {
        return lease;
    }

    public AllocationId ask(String user) {
        return ask(user, PYTHON);
    }

    public AllocationId ask(String user, ImageId image) {
        var wish =
                Allocation.waiting(
                        ids.allocation(), new UserId(user), image, Slot.DEFAULT, clock.instant());
        return claims.claim(List.of(wish), 1_000).getFirst().orElseThrow().id();
    }

    public void end(AllocationId id) {
        claims.startEnding(
                id,
                new EndReason(EndReason.Code.STOPPED_BY_OWNER, "its owner asked"),
                clock.instant());
    }

    public Allocation allocation(AllocationId id) {
        return claims.find(id).orElseThrow().allocation();
    }

    /** One glance and one pass, without the calls they ask for. */
    public void pass() {
        controller.glance();
        controller.pass(lease);
    }

    /**
     * One glance and the calls it asks for. Returns whether it heard of something to write down.
     */
    public boolean glance() {
        boolean news = controller.glance();
        makeCalls();
        return news;
    }

    /** One pass and the calls it asks for, then a quarter of a second goes by. */
    public void turn() {
        turnWithoutTime();
        clock.pass(SETTINGS.pollEvery());
    }

    /** One pass and the calls it asks for, at one moment. */
    public void turnWithoutTime() {
        pass();
        makeCalls();
    }

    private void makeCalls() {
        for (var call = calls.poll(); call != null; call = calls.poll()) {
            call.run();
        }
    }

    public void turns(int count) {
        for (int i = 0; i < count; i++) {
            turn();
        }
    }

    @Override
    public void close() {
        database.close();
    }

    /** Counts the passes, and those that wrote. */
    public static final class CountingStore implements FleetStore {
        private final FleetStore store;
        private int commits;
        private int views;

        CountingStore(FleetStore store) {
            this.store = store;
        }

        public int commits() {
            return commits;
        }

        public int views() {
            return views;
        }

        @Override
        public View view(Set<ContainerRef> also) {
            views++;
            return store.view(also);
        }

        @Override
        public boolean commit(Lease lease, Changes changes) {
            commits++;
            return store.commit(lease, changes);
        }

        @Override
        public List<ContainerRef> running() {
            return store.running();
        }

        @Override
        public Set<ContainerRef> known(Collection<ContainerRef> refs) {
            return store.known(refs);
        }

        @Override
        public List<Container> live(String provider) {
            return store.live(provider);
        }
    }
}
