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
import dev.runtimebridge.provider.Provider;
import dev.runtimebridge.secret.ApiKeys;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Second half of a pass: compares what is wanted with what there is. */
final class Decide {
    private static final int MOST_FAILURES = 3;
    private static final Cause NO_SUCH_IMAGE =
            new Cause(Cause.Kind.IMAGE, "the image is no longer in the catalogue");

    private final FleetSettings settings;
    private final Function<ImageId, Optional<Image>> images;
    private final Ids ids;
    private final ApiKeys keys;
    private final Provider provider;
    private final Deadlines deadlines;

    Decide(
            FleetSettings settings,
            Function<ImageId, Optional<Image>> images,
            Ids ids,
            ApiKeys keys,
            Provider provider) {
        this.settings = settings;
        this.images = images;
        this.ids = ids;
        this.keys = keys;
        this.provider = provider;
        this.deadlines = new Deadlines(settings);
    }

    void run(Pass pass, Memory memory) {
        deadlines.run(pass, memory);
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

    private static void endings(Pass pass) {
        for (var allocation : pass.allocations(AllocationState.ENDING)) {
            var why = allocation.endReason().orElseThrow();
            var container =
                    allocation.container().flatMap(pass::container).filter(c -> c.state().live());
            if (container.isEmpty()) {
                Endings.end(pass, allocation, why);
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
                        (id, waiting) ->
                                images.apply(id)
                                        .ifPresentOrElse(
                                                image ->
                                                        memory.streak(id, pass.now())
                                                                .filter(
                                                                        streak ->
                                                                                hopeless(
                                                                                        streak,
                                                                                        coming(
                                                                                                pass,
                                                                                                image)))
                                                                .ifPresent(
                                                                        streak ->
                                                                                giveUp(
                                                                                        pass, image,
                                                                                        waiting,
                                                                                        streak)),
                                                () ->
                                                        waiting.forEach(
                                                                a ->
                                                                        Endings.end(
                                                                                pass,
                                                                                a,
                                                                                failed(
                                                                                        NO_SUCH_IMAGE)))));
    }

    private static boolean hopeless(Memory.Streak streak, int coming) {
        return !streak.why().kind().anotherMayHelp()
                || (streak.length() >= MOST_FAILURES && streak.prevails(coming));
    }

    private static int coming(Pass pass, Image image) {
        return count(pass, image, ContainerState.STARTING, ContainerState.READY);
    }

    private static void giveUp(
            Pass pass, Image image, List<Allocation> waiting, Memory.Streak streak) {
        waiting.stream()
                .skip(coming(pass, image))
                .filter(allocation -> !allocation.createdAt().isAfter(streak.last()))
                .forEach(allocation -> Endings.end(pass, allocation, failed(streak.why())));
    }

    private static EndReason failed(Cause why) {
        return new EndReason(EndReason.Code.START_FAILED, why.detail(), Optional.of(why.fault()));
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

    /** Those who have waited longest first, whatever their image. */
    private void supply(Pass pass, Memory memory) {
        var shortages = new ArrayList<Shortage>();
        byImage(pass.allocations(AllocationState.WAITING), Allocation::image)
                .forEach(
                        (id, waiting) ->
                                images.apply(id)
                                        .filter(image -> !pass.failed().containsKey(id))
                                        .filter(
                                                image ->
                                                        memory.mayStart(
                                                                id,
                                                                coming(pass, image),
                                                                pass.now()))
                                        .flatMap(image -> shortage(pass, image, waiting))
                                        .ifPresent(shortages::add));
        shortages.sort(Comparator.comparing(Shortage::since));
        for (var shortage : shortages) {
            int unanswered = pass.containers(ContainerState.REQUESTED).size();
            ask(pass, shortage.image(), provider.admits(shortage.missing(), unanswered));
        }
    }

    private record Shortage(Image image, int missing, Instant since) {}

    private static Optional<Shortage> shortage(Pass pass, Image image, List<Allocation> waiting) {
        int there =
                count(
                        pass,
                        image,
                        ContainerState.REQUESTED,
                        ContainerState.STARTING,
                        ContainerState.READY);
        return there >= waiting.size()
                ? Optional.empty()
                : Optional.of(
                        new Shortage(
                                image, waiting.size() - there, waiting.get(there).createdAt()));
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
                            new Batch(
                                    ids.draw(),
                                    image,
                                    Math.min(left, Batch.MOST),
                                    provider.place()),
                            provider.name(),
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

    private static boolean past(Instant from, Duration limit, Instant now) {
        return from.plus(limit).isBefore(now);
    }

    private static <T> Map<ImageId, List<T>> byImage(List<T> rows, Function<T, ImageId> image) {
        return rows.stream()
                .collect(Collectors.groupingBy(image, TreeMap::new, Collectors.toList()));
    }
}
