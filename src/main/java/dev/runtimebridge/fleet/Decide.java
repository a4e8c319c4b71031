package dev.runtimebridge.fleet;

import dev.runtimebridge.allocation.Allocation;
import dev.runtimebridge.allocation.AllocationState;
import dev.runtimebridge.allocation.EndReason;
import dev.runtimebridge.allocation.Event.Phase;
import dev.runtimebridge.allocation.Ids;
import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.provider.Batch;
import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.secret.ApiKeys;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Second half of a pass: compares what is wanted with what there is. */
final class Decide {
    private static final int MOST_FAILURES = 3;

    private final FleetSettings settings;
    private final Function<ImageId, Optional<Image>> images;
    private final Ids ids;
    private final ApiKeys keys;
    private final String provider;

    Decide(
            FleetSettings settings,
            Function<ImageId, Optional<Image>> images,
            Ids ids,
            ApiKeys keys,
            String provider) {
        this.settings = settings;
        this.images = images;
        this.ids = ids;
        this.keys = keys;
        this.provider = provider;
    }

    void run(Pass pass, Memory memory) {
        deadlines(pass);
        endings(pass);
        hopeless(pass, memory);
        var waiting = byImage(pass.allocations(AllocationState.WAITING), Allocation::image);
        var ready = byImage(pass.containers(ContainerState.READY), Container::image);
        waiting.forEach(
                (image, all) -> bind(pass, image, all, ready.getOrDefault(image, List.of())));
        supply(pass, memory);
        surplus(pass);
    }

    /**
     * Wants nothing any more: whoever waits is left to the next bridge, every container that is
     * nobody's is ended.
     */
    void drain(Pass pass, Memory memory) {
        endings(pass);
        var why = new Cause(Cause.Kind.STOPPED, "the bridge stops");
        for (var container : pass.containers(ContainerState.STARTING, ContainerState.READY)) {
            pass.put(container.startStopping(why));
        }
        for (var batch : pass.batches()) {
            if (!memory.underWay(new Action.Start(batch.request()).name())) {
                pass.ofBatch(batch.request().key()).stream()
                        .filter(c -> c.state() == ContainerState.REQUESTED)
                        .forEach(c -> pass.put(c.stopped(why, pass.now())));
            }
        }
    }

    private void deadlines(Pass pass) {
        for (var container : pass.containers(ContainerState.STARTING)) {
            if (past(container.requestedAt(), settings.startDeadline(), pass.now())) {
                var why =
                        new Cause(
                                Cause.Kind.TIMED_OUT,
                                "its agent did not answer within "
                                        + settings.startDeadline().toSeconds()
                                        + " s");
                pass.put(container.startStopping(why));
                pass.failed(container.image(), why);
            }
        }
        for (var container : pass.containers(ContainerState.REQUESTED)) {
            if (past(container.requestedAt(), settings.startDeadline(), pass.now())) {
                // Whatever the provider may have started of it all the same, the sweep for orphans
                // ends.
                pass.put(
                        container.stopped(
                                new Cause(
                                        Cause.Kind.LOST,
                                        "the provider could not be told to start it"),
                                pass.now()));
            }
        }
        for (var allocation : pass.allocations(AllocationState.WAITING)) {
            if (past(allocation.createdAt(), settings.launchDeadline(), pass.now())) {
                end(
                        pass,
                        allocation,
                        EndReason.Code.LAUNCH_TIMED_OUT,
                        "no container came up within "
                                + settings.launchDeadline().toSeconds()
                                + " s");
            }
        }
    }

    private static void endings(Pass pass) {
        for (var allocation : pass.allocations(AllocationState.ENDING)) {
            var why = allocation.endReason().orElseThrow();
            var container =
                    allocation.container().flatMap(pass::container).filter(c -> c.state().live());
            if (container.isEmpty()) {
                end(pass, allocation, why.code(), why.detail());
            } else if (container.get().state() == ContainerState.BOUND) {
                pass.put(
                        container.get().startStopping(new Cause(Cause.Kind.STOPPED, why.detail())));
            }
        }
    }

    /**
     * Gives up for those who waited through several failures, or one that will repeat itself; not
     * for as many of them, the oldest first, as containers are starting all the same.
     */
    private void hopeless(Pass pass, Memory memory) {
        byImage(pass.allocations(AllocationState.WAITING), Allocation::image)
                .forEach(
                        (id, waiting) -> {
                            var image = images.apply(id);
                            if (image.isEmpty()) {
                                var why = "the image is no longer in the catalogue";
                                waiting.forEach(
                                        a -> end(pass, a, EndReason.Code.START_FAILED, why));
                                return;
                            }
                            memory.streak(id, pass.now())
                                    .filter(
                                            s ->
                                                    s.length() >= MOST_FAILURES
                                                            || !s.why().kind().anotherMayHelp())
                                    .ifPresent(
                                            s ->
                                                    waiting.stream()
                                                            .skip(
                                                                    count(
                                                                            pass,
                                                                            image.get(),
                                                                            ContainerState.STARTING,
                                                                            ContainerState.READY))
                                                            .filter(
                                                                    a ->
                                                                            !a.createdAt()
                                                                                    .isAfter(
                                                                                            s
                                                                                                    .last()))
                                                            .forEach(
                                                                    a ->
                                                                            end(
                                                                                    pass,
                                                                                    a,
                                                                                    EndReason.Code
                                                                                            .START_FAILED,
                                                                                    s.why()
                                                                                            .detail())));
                        });
    }

    private void bind(Pass pass, ImageId image, List<Allocation> waiting, List<Container> ready) {
        var current = images.apply(image).map(Image::revision);
        var free =
                ready.stream()
                        .filter(container -> current.equals(Optional.of(container.revision())))
                        .collect(Collectors.toCollection(ArrayDeque::new));
        for (var allocation : waiting) {
            var chosen = free.poll();
            if (chosen == null) {
                return;
            }
            pass.put(chosen.bind());
            pass.put(allocation.bindTo(chosen.id()));
            var readyAt = chosen.readyAt().orElse(pass.now());
            boolean warm = readyAt.isBefore(allocation.createdAt());
            pass.tell(
                    allocation.id(),
                    warm ? pass.now() : readyAt,
                    Phase.READY,
                    warm ? "a container was ready" : "the agent answers");
            pass.tell(allocation.id(), pass.now(), Phase.BINDING, "the agent takes the user in");
        }
    }

    private void supply(Pass pass, Memory memory) {
        byImage(pass.allocations(AllocationState.WAITING), Allocation::image)
                .forEach(
                        (id, waiting) ->
                                images.apply(id)
                                        .ifPresent(
                                                image -> {
                                                    int missing =
                                                            waiting.size()
                                                                    - count(
                                                                            pass,
                                                                            image,
                                                                            ContainerState
                                                                                    .REQUESTED,
                                                                            ContainerState.STARTING,
                                                                            ContainerState.READY);
                                                    if (missing > 0
                                                            && !pass.failed().containsKey(id)
                                                            && memory.mayStart(id, pass.now())) {
                                                        ask(pass, image, missing);
                                                    }
                                                }));
    }

    private static int count(Pass pass, Image image, ContainerState... states) {
        return (int)
                pass.containers(states).stream()
                        .filter(
                                c ->
                                        c.image().equals(image.id())
                                                && c.revision() == image.revision())
                        .count();
    }

    private void ask(Pass pass, Image image, int count) {
        for (int left = count; left > 0; left -= Batch.MOST) {
            var batch =
                    new StoredBatch(
                            new Batch(ids.draw(), image, Math.min(left, Batch.MOST)),
                            provider,
                            pass.now());
            var asked = new ArrayList<Container>();
            for (int ordinal = 0; ordinal < batch.request().count(); ordinal++) {
                var id = ids.container();
                asked.add(
                        Container.requested(
                                id,
                                image.id(),
                                image.revision(),
                                batch.request().key(),
                                ordinal,
                                ApiKeys.hash(keys.of(id)),
                                pass.now()));
            }
            pass.add(batch, asked);
        }
    }

    /**
     * Ends containers that became nobody's: of an old revision at once, the others after a while.
     */
    private void surplus(Pass pass) {
        for (var container : pass.containers(ContainerState.READY)) {
            var revision = images.apply(container.image()).map(Image::revision);
            boolean outdated = !revision.equals(Optional.of(container.revision()));
            var readyAt = container.readyAt().orElse(pass.now());
            if (outdated || past(readyAt, settings.surplusAfter(), pass.now())) {
                pass.put(
                        container.startStopping(
                                new Cause(
                                        Cause.Kind.STOPPED,
                                        outdated
                                                ? "its image has changed"
                                                : "nobody waits for it")));
            }
        }
    }

    private static void end(Pass pass, Allocation allocation, EndReason.Code code, String detail) {
        pass.put(allocation.end(new EndReason(code, detail), pass.now()));
        pass.tell(allocation.id(), pass.now(), Phase.ENDED, detail);
    }

    private static boolean past(Instant from, Duration limit, Instant now) {
        return from.plus(limit).isBefore(now);
    }

    private static <T> Map<ImageId, List<T>> byImage(List<T> rows, Function<T, ImageId> image) {
        return rows.stream()
                .collect(Collectors.groupingBy(image, TreeMap::new, Collectors.toList()));
    }
}
