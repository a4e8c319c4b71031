package dev.runtimebridge.store;

import dev.runtimebridge.agent.Login;
import dev.runtimebridge.allocation.Allocation;
import dev.runtimebridge.allocation.ContainerId;
import dev.runtimebridge.allocation.Event;
import dev.runtimebridge.allocation.Ids;
import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.allocation.Slot;
import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.catalog.Architecture;
import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.fleet.Changes;
import dev.runtimebridge.fleet.Container;
import dev.runtimebridge.fleet.StoredBatch;
import dev.runtimebridge.provider.Batch;
import dev.runtimebridge.secret.Sealed;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Makes the rows that the tests of the stores write. */
final class Rows {
    static final Instant NOW = Instant.parse("2026-03-29T00:59:59.123456Z");
    static final ImageId PYTHON = new ImageId(1);

    private final Ids ids;

    Rows(long seed) {
        this.ids = new Ids(new Random(seed));
    }

    Allocation claim(String user) {
        return claim(user, PYTHON, Slot.DEFAULT);
    }

    Allocation claim(String user, ImageId image, Slot slot) {
        return Allocation.waiting(ids.allocation(), new UserId(user), image, slot, NOW);
    }

    StoredBatch batch(int count) {
        var run = new Image.Run("python3", "registry/python:3", "python-task:7");
        var image =
                new Image(
                        PYTHON,
                        "Python 3",
                        "python",
                        3,
                        run,
                        new Image.Size(250, 512, Architecture.ARM64),
                        true);
        return new StoredBatch(
                new Batch(ids.draw(), image, count, "zone a"), "fake", NOW.plusNanos(2_000));
    }

    List<Container> containers(StoredBatch batch) {
        return IntStream.range(0, batch.request().count())
                .mapToObj(
                        ordinal ->
                                Container.requested(
                                        ids.container(),
                                        batch.request().image().id(),
                                        batch.request().image().revision(),
                                        batch.request().key(),
                                        ordinal,
                                        "hash-" + ids.draw(),
                                        NOW))
                .toList();
    }

    String draw() {
        return ids.draw();
    }

    static Login login(ContainerId id) {
        return new Login(
                id,
                "together",
                "password",
                new Sealed("key-1", new byte[] {0, 1, -1, 127, -128}),
                2222,
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA");
    }

    static Event event(Allocation allocation, Event.Phase phase, String detail) {
        return Event.of(allocation.id(), NOW, phase, detail);
    }

    static Changes starting(List<StoredBatch> batches, List<Container> containers) {
        return new Changes(batches, containers, List.of(), List.of(), List.of(), List.of());
    }

    static Changes updating(List<Container> containers, List<Allocation> allocations) {
        return new Changes(List.of(), List.of(), containers, allocations, List.of(), List.of());
    }

    static Changes telling(List<Event> events) {
        return new Changes(List.of(), List.of(), List.of(), List.of(), List.of(), events);
    }
}
