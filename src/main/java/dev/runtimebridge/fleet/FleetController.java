package dev.runtimebridge.fleet;

import dev.runtimebridge.agent.AgentClient;
import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.Ids;
import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.allocation.StoreUnavailable;
import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.Provider;
import dev.runtimebridge.secret.ApiKeys;
import dev.runtimebridge.secret.Sealer;

import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
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
    private static final int MOST_CALLERS = 10_000;

    private final FleetStore store;
    private final InstantSource clock;
    private final Decide decide;
    private final Dispatcher dispatcher;
    private final Consumer<Set<AllocationId>> changed;
    private final Runnable wake;

    private final Memory memory = new Memory();
    private final Answers answers;
    private final AtomicInteger sweeping = new AtomicInteger();
    private final Set<ContainerRef> hints = ConcurrentHashMap.newKeySet();
    private final Map<ContainerRef, String> callers = new ConcurrentHashMap<>();

    private volatile boolean draining;

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
        this.answers = new Answers(memory, clock, settings.pollEvery());
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
        if (callers.size() < MOST_CALLERS) {
            callers.put(ref, ip);
            wake.run();
        }
    }

    /**
     * Looks at containers that are in use or ready; whoever is gone is dealt with in a pass. While
     * an earlier look is under way nothing is done.
     */
    public void sweep(Collection<Collection<ContainerRef>> parts) {
        if (sweeping.get() == 0) {
            parts.forEach(this::look);
        }
    }

    private void look(Collection<ContainerRef> refs) {
        sweeping.incrementAndGet();
        dispatcher.dispatch(
                new Action.Observe(Action.Observe.SWEEP, Set.copyOf(refs)),
                (action, outcome) -> {
                    sweeping.decrementAndGet();
                    report(action, outcome);
                });
    }

    /**
     * One comparison of what is wanted with what there is.
     *
     * @throws StaleLeaseException when another bridge has taken over
     * @throws StoreUnavailable when the database cannot be asked; nothing is lost by that
     */
    public Result pass(Lease lease) {
        var hinted = takeHints();
        var news = answers.take();
        var view = store.view(also(hinted, news));
        int underWay = view.containers().size() + view.allocations().size();
        var pass = new Pass(view, clock.instant());
        hinted.forEach(ref -> hurry(pass, ref));
        hearCallers(pass);
        try {
            if (!settle(pass, news, lease)) {
                return new Result(true, underWay);
            }
        } catch (StoreUnavailable | StaleLeaseException e) {
            throw e;
        } catch (RuntimeException e) {
            answers.refused(news);
            throw e;
        }
        boolean more = answers.written(news);
        pass.failed().forEach((image, why) -> memory.failed(image, why, pass.now()));
        pass.succeeded().forEach(memory::succeeded);
        // A failure only becomes a streak once it is written, so it is judged in the pass after.
        return new Result(more || !pass.failed().isEmpty(), underWay);
    }

    /**
     * Decides, writes, and asks for the calls that follow; {@code false} when a row had changed
     * meanwhile.
     */
    private boolean settle(Pass pass, List<Outcome> news, Lease lease) {
        var absorb = new Absorb(pass, memory);
        news.forEach(absorb::apply);
        if (draining) {
            decide.drain(pass, memory);
        } else {
            decide.run(pass, memory);
            Story.tell(pass);
        }
        var changes = pass.changes();
        var due = due(pass);
        // Nothing is started or stopped but after a write that names the lease, even if only to
        // check it.
        boolean check =
                due.stream()
                        .anyMatch(
                                action ->
                                        !(action instanceof Action.Ping)
                                                && !(action instanceof Action.Observe));
        if ((check || !changes.none()) && !store.commit(lease, changes)) {
            return false;
        }
        if (!changes.none()) {
            changed.accept(pass.toldOf());
        }
        for (var action : due) {
            memory.begin(action);
            dispatcher.dispatch(action, this::report);
        }
        return true;
    }

    private static Set<ContainerRef> also(Set<ContainerRef> hinted, List<Outcome> news) {
        var also = new HashSet<>(hinted);
        for (var outcome : news) {
            if (outcome instanceof Outcome.Observed(var seen)) {
                also.addAll(seen.keySet());
            }
        }
        return also;
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
                                look(Set.of(ref));
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

    private List<Action> due(Pass pass) {
        var starting = Schedule.starting(pass);
        if (!starting.stream().allMatch(memory::hasSeen)) {
            memory.hurry(Action.Observe.STARTING);
        }
        var actions = Schedule.of(pass, memory);
        memory.keepOnly(actions.stream().map(Action::name).collect(Collectors.toSet()), starting);
        return actions.stream()
                .filter(action -> !(draining && action instanceof Action.Start))
                .filter(action -> memory.due(action, pass.now()))
                .toList();
    }

    private void report(Action action, Outcome outcome) {
        if (answers.arrive(action, outcome)) {
            wake.run();
        }
    }
}
