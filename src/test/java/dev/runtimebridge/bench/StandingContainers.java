package dev.runtimebridge.bench;

import dev.runtimebridge.allocation.Allocation;
import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.Ids;
import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.allocation.Slot;
import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.catalog.Architecture;
import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.fleet.Changes;
import dev.runtimebridge.fleet.Container;
import dev.runtimebridge.fleet.StoredBatch;
import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.Batch;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.Observation;
import dev.runtimebridge.provider.Provider;
import dev.runtimebridge.provider.Started;
import dev.runtimebridge.provider.Workspace;
import dev.runtimebridge.store.Database;
import dev.runtimebridge.store.DatabaseSettings;
import dev.runtimebridge.store.SqlClaims;
import dev.runtimebridge.store.SqlFleet;
import dev.runtimebridge.store.SqlLease;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Containers that are there from the beginning, each in use by a user of its own, and never change:
 * user {@code n} has the container {@code standing-n}. Nothing runs at their addresses.
 */
final class StandingContainers implements Provider {
    static final int AGENT_PORT = 8000;

    private static final String NAME = "standing";
    private static final Image IMAGE =
            new Image(
                    new ImageId(1),
                    "Standing",
                    "python",
                    1,
                    new Image.Run("", "", ""),
                    new Image.Size(250, 512, Architecture.X86_64),
                    true);

    private final int count;

    StandingContainers(int count) {
        this.count = count;
    }

    /**
     * Writes them into an empty database.
     *
     * @return the id of each user's allocation, in the order of the users
     */
    static List<AllocationId> write(DatabaseSettings settings, int count) {
        var ids = new Ids(new Random(7));
        var now = Instant.now();
        try (var database = new Database(settings)) {
            database.migrate();
            var waiting =
                    IntStream.range(0, count)
                            .mapToObj(
                                    user ->
                                            Allocation.waiting(
                                                    ids.allocation(),
                                                    new UserId(Integer.toString(user)),
                                                    IMAGE.id(),
                                                    Slot.DEFAULT,
                                                    now))
                            .toList();
            new SqlClaims(database).claim(waiting, 1);
            var fleet = new SqlFleet(database);
            // The name that a development bridge has too: that one goes on at once.
            var lease = new SqlLease(database).acquire("up", Duration.ofSeconds(30)).orElseThrow();
            var batches = batches(ids, count, now);
            var asked = containers(ids, batches, now);
            fleet.commit(lease, changes(batches, asked, List.of(), List.of()));
            var bound = new ArrayList<Container>();
            var active = new ArrayList<Allocation>();
            for (int user = 0; user < count; user++) {
                var container = asked.get(user);
                bound.add(container.start(ref(user), now).ready(address(user), now).bind());
                active.add(waiting.get(user).bindTo(container.id()).activate(now));
            }
            if (!fleet.commit(lease, changes(List.of(), List.of(), bound, active))) {
                throw new IllegalStateException("the containers were not written");
            }
            return waiting.stream().map(Allocation::id).toList();
        }
    }

    private static List<StoredBatch> batches(Ids ids, int count, Instant now) {
        return IntStream.iterate(0, from -> from < count, from -> from + Batch.MOST)
                .mapToObj(from -> Math.min(Batch.MOST, count - from))
                .map(size -> new StoredBatch(new Batch(ids.draw(), IMAGE, size), NAME, now))
                .toList();
    }

    private static List<Container> containers(Ids ids, List<StoredBatch> batches, Instant now) {
        var containers = new ArrayList<Container>();
        for (var batch : batches) {
            for (int ordinal = 0; ordinal < batch.request().count(); ordinal++) {
                containers.add(
                        Container.requested(
                                ids.container(),
                                IMAGE.id(),
                                IMAGE.revision(),
                                batch.request().key(),
                                ordinal,
                                "hash of " + ids.draw(),
                                now));
            }
        }
        return containers;
    }

    private static Changes changes(
            List<StoredBatch> batches,
            List<Container> asked,
            List<Container> bound,
            List<Allocation> active) {
        return new Changes(batches, asked, bound, active, List.of(), List.of());
    }

    private static ContainerRef ref(int user) {
        return new ContainerRef(NAME + "-" + user);
    }

    private static Address address(int user) {
        return new Address("10.1." + user / 250 + "." + (user % 250 + 1), AGENT_PORT);
    }

    private static int user(ContainerRef ref) {
        return Integer.parseInt(ref.value().substring(NAME.length() + 1));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean offers(Image image) {
        return false;
    }

    @Override
    public List<Started> start(Batch batch) {
        throw new IllegalStateException("nobody launches here");
    }

    @Override
    public Map<ContainerRef, Observation> observe(Collection<ContainerRef> refs) {
        return refs.stream()
                .collect(
                        Collectors.toMap(
                                ref -> ref, ref -> new Observation.Reachable(address(user(ref)))));
    }

    @Override
    public void attach(ContainerRef ref, Workspace workspace) {
        throw new IllegalStateException("nobody launches here");
    }

    @Override
    public void stop(ContainerRef ref, String why) {
        throw new IllegalStateException(ref + " was to be stopped: " + why);
    }

    @Override
    public List<ContainerRef> owned() {
        return IntStream.range(0, count).mapToObj(StandingContainers::ref).toList();
    }

    @Override
    public void onChange(Listener listener) {
        // nothing changes
    }
}
