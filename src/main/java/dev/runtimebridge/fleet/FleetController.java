package dev.runtimebridge.fleet;

import dev.runtimebridge.agent.AgentClient;
import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.Ids;
import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.Observation;
import dev.runtimebridge.provider.Provider;
import dev.runtimebridge.secret.ApiKeys;
import dev.runtimebridge.secret.Sealer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Keeps as many containers as are wanted, and gives them to those who wait. Level-triggered: a pass
 * reads what the database says is wanted and under way, adds the answers that came in since the
 * last one, decides the next step of everything, writes all of it in one transaction, and only then
 * makes the calls. Whatever is lost in a crash, memory included, the next pass finds out again.
 *
 * <p>{@link #pass} is for one thread; the hints may come from any.
 */
public final class FleetController {
    private static final Logger LOG = LoggerFactory.getLogger(FleetController.class);
    private static final int MOST_INIT_ATTEMPTS = 3;

    private final FleetStore store;
    private final FleetSettings settings;
    private final InstantSource clock;
    private final Decide decide;
    private final Dispatcher dispatcher;
    private final Consumer<Set<AllocationId>> changed;
    private final Runnable wake;

    private final Memory memory = new Memory();
    private final ConcurrentLinkedQueue<Reply> inbox = new ConcurrentLinkedQueue<>();
    private final Set<ContainerRef> hints = ConcurrentHashMap.newKeySet();
    private final Map<ContainerRef, String> callers = new ConcurrentHashMap<>();
    private final List<Outcome> unwritten = new ArrayList<>();

    private volatile boolean draining;

    private record Reply(Action action, Outcome outcome) {}

    /**
     * What a pass came to.
     *
     * @param again whether to look again at once
     * @param underWay how many containers and allocations are on their way somewhere
     */
    public record Result(boolean again, int underWay) {}

    /**
     * A controller that makes its calls on {@code calls}.
     *
     * @param images the catalogue, switched-off images included
     * @param changed is told whose story went on, after it was written
     * @param wake asks for a pass soon
     */
    public FleetController(
            FleetStore store,
            Provider provider,
            AgentClient agents,
            Function<ImageId, Optional<Image>> images,
            ApiKeys keys,
            Sealer sealer,
            Ids ids,
            InstantSource clock,
            FleetSettings settings,
            Executor calls,
            Consumer<Set<AllocationId>> changed,
            Runnable wake) {
        this.store = store;
        this.settings = settings;
        this.clock = clock;
        this.decide = new Decide(settings, images, ids, keys, provider.name());
        this.dispatcher = new Dispatcher(provider, agents, keys, sealer, calls);
        this.changed = changed;
        this.wake = wake;
    }

    /** From now on nothing is started, and whatever is nobody's is ended. */
    public void drain() {
        draining = true;
        wake.run();
    }

    /** A hint that this container is worth a look now, whatever its state. */
    public void look(ContainerRef ref) {
        hints.add(ref);
        wake.run();
    }

    /**
     * An agent says that it is up. Believed only of a container that starts, and only from its own
     * address.
     */
    public void calledHome(ContainerRef ref, String ip) {
        callers.put(ref, ip);
        wake.run();
    }

    /** Looks at containers that are in use or ready; whoever is gone is dealt with in a pass. */
    public void sweep(Collection<ContainerRef> refs) {
        var observe = new Action.Observe(Action.Observe.SWEEP, Set.copyOf(refs));
        dispatcher.dispatch(observe, (action, outcome) -> report(new Reply(action, outcome)));
    }

    /**
     * One comparison of what is wanted with what there is.
     *
     * @throws StaleLeaseException when another bridge has taken over
     * @throws dev.runtimebridge.allocation.StoreUnavailable when the database cannot be asked;
     *     nothing is lost by that
     */
    public Result pass(Lease lease) {
        var hinted = takeHints();
        learn();
        var also = new HashSet<>(hinted);
        for (var outcome : unwritten) {
            if (outcome instanceof Outcome.Observed(var seen)) {
                also.addAll(seen.keySet());
            }
        }
        var view = store.view(also);
        int underWay = view.containers().size() + view.allocations().size();
        var pass = new Pass(view, clock.instant());
        hinted.forEach(ref -> hurry(pass, ref));
        hearCallers(pass);
        var absorb = new Absorb(pass, memory);
        unwritten.forEach(absorb::apply);
        if (draining) {
            decide.drain(pass);
        } else {
            decide.run(pass, memory);
            Story.tell(pass);
        }
        var changes = pass.changes();
        if (!changes.none() && !store.commit(lease, changes)) {
            return new Result(true, underWay);
        }
        unwritten.clear();
        pass.failed().forEach((image, why) -> memory.failed(image, why, pass.now()));
        pass.succeeded().forEach(memory::succeeded);
        if (!changes.none()) {
            changed.accept(pass.toldOf());
        }
        dispatch(pass);
        // A failure only becomes a streak once it is written, so it is judged in the pass after.
        return new Result(!pass.failed().isEmpty(), underWay);
    }

    private Set<ContainerRef> takeHints() {
        var taken = Set.copyOf(hints);
        hints.removeAll(taken);
        return taken;
    }

    private void hurry(Pass pass, ContainerRef ref) {
        memory.hurry(Action.Observe.STARTING);
        pass.container(ref)
                .ifPresent(
                        container -> {
                            memory.hurry(Action.Ping.name(container.id()));
                            if (container.state() == ContainerState.READY
                                    || container.state() == ContainerState.BOUND) {
                                sweep(Set.of(ref));
                            }
                        });
    }

    private void hearCallers(Pass pass) {
        for (var ref : Set.copyOf(callers.keySet())) {
            var ip = callers.remove(ref);
            pass.container(ref)
                    .filter(container -> container.state() == ContainerState.STARTING)
                    .filter(
                            container ->
                                    memory.address(ref).map(at -> at.ip().equals(ip)).orElse(true))
                    .ifPresent(container -> hurry(pass, ref));
        }
    }

    /**
     * Takes in the answers: what memory has to know of them at once, what the database has to with
     * the next write.
     */
    private void learn() {
        for (var reply = inbox.poll(); reply != null; reply = inbox.poll()) {
            var action = reply.action();
            memory.finished(action.name());
            switch (reply.outcome()) {
                case Outcome.Again(var why) -> again(action, why);
                case Outcome.Observed observed -> {
                    observed.seen().forEach(memory::see);
                    memory.pause(action.name(), clock.instant().plus(settings.pollEvery()));
                    gone(observed).ifPresent(unwritten::add);
                }
                default -> unwritten.add(reply.outcome());
            }
        }
    }

    /** Only the end of a container has to be written down. */
    private static Optional<Outcome> gone(Outcome.Observed observed) {
        var gone =
                observed.seen().entrySet().stream()
                        .filter(entry -> entry.getValue() instanceof Observation.Gone)
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        return gone.isEmpty() ? Optional.empty() : Optional.of(new Outcome.Observed(gone));
    }

    private void again(Action action, String why) {
        switch (action) {
            case Action.Ping ping ->
                    memory.pause(ping.name(), clock.instant().plus(settings.pollEvery()));
            case Action.Init init -> {
                if (memory.backOff(init.name(), clock.instant()) >= MOST_INIT_ATTEMPTS) {
                    unwritten.add(Dispatcher.refused(init, why));
                }
            }
            case Action.Start start -> repeat(start, why);
            case Action.Stop stop -> repeat(stop, why);
            case Action.Observe observe -> repeat(observe, why);
        }
    }

    private void repeat(Action action, String why) {
        int failures = memory.backOff(action.name(), clock.instant());
        LOG.warn("{} failed {} times and is tried again: {}", action.name(), failures, why);
    }

    private void dispatch(Pass pass) {
        var starting = Schedule.starting(pass);
        if (!starting.stream().allMatch(memory::hasSeen)) {
            memory.hurry(Action.Observe.STARTING);
        }
        var actions = Schedule.of(pass, memory);
        memory.keepOnly(actions.stream().map(Action::name).collect(Collectors.toSet()), starting);
        for (var action : actions) {
            if (memory.begin(action, pass.now())) {
                dispatcher.dispatch(action, (done, outcome) -> report(new Reply(done, outcome)));
            }
        }
    }

    private void report(Reply reply) {
        inbox.add(reply);
        wake.run();
    }
}
