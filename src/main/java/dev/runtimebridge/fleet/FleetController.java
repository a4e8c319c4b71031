package dev.runtimebridge.fleet;

import dev.runtimebridge.agent.AgentClient;
import dev.runtimebridge.allocation.Ids;
import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.allocation.StoreUnavailable;
import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.Provider;
import dev.runtimebridge.secret.ApiKeys;
import dev.runtimebridge.secret.Sealer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

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

    private final FleetStore store;
    private final InstantSource clock;
    private final Provider provider;
    private final Decide decide;
    private final Dispatcher dispatcher;
    private final Consumer<Told> told;
    private final Runnable wake;

    private final Memory memory = new Memory();
    private final Answers answers;
    private final Watch watch;
    private final Set<ContainerRef> hinted = new HashSet<>();
    private final AtomicInteger sweeping = new AtomicInteger();

    private volatile boolean draining;
    private long epoch = Long.MIN_VALUE;

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
     * @param told gets what is to be told, after it was written
     * @param wake asks for a {@link #glance} soon
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
            Calls calls,
            Consumer<Told> told,
            Runnable wake) {
        this.store = store;
        this.answers = new Answers(memory, clock, settings.tick());
        this.watch =
                new Watch(
                        memory,
                        settings.pollEvery(),
                        provider.addressKnownAfter(),
                        provider::suspect);
        this.clock = clock;
        this.provider = provider;
        this.decide = new Decide(settings, images, ids, keys, provider);
        this.dispatcher = new Dispatcher(provider, agents, keys, sealer, calls);
        this.told = told;
        this.wake = wake;
    }

    /** From now on nothing is started, and whatever is nobody's is ended. */
    public void drain() {
        draining = true;
        wake.run();
    }

    /** A hint that this container is worth a look now, whatever its state. */
    public void look(ContainerRef ref) {
        watch.hint(ref);
        wake.run();
    }

    /**
     * An agent says that it is up. Believed only of a container that starts, and only from its own
     * address.
     */
    public void calledHome(ContainerRef ref, String ip) {
        if (watch.calledHome(ref, ip)) {
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
     * Follows hints and answers as far as that takes no database, which is from a container's start
     * to its agent's first answer. Returns whether there is something for a pass to do.
     */
    public boolean glance() {
        boolean news = !answers.take().isEmpty();
        hinted.addAll(watch.hear());
        ask();
        return news || !hinted.isEmpty() || draining;
    }

    /** Whether there are agents that have not yet answered. */
    boolean asksAgents() {
        return memory.asksAgents();
    }

    private void ask() {
        var now = clock.instant();
        for (var question : watch.questions()) {
            if (watch.due(question, now)) {
                watch.asked(question);
                begin(question);
            }
        }
    }

    private void begin(Action action) {
        memory.begin(action);
        dispatcher.dispatch(action, this::report);
    }

    /**
     * One comparison of what is wanted with what there is.
     *
     * @throws StaleLeaseException when another bridge has taken over
     * @throws StoreUnavailable when the database cannot be asked; nothing is lost by that
     */
    public Result pass(Lease lease) {
        var news = answers.take();
        hinted.addAll(watch.hear());
        var view = store.view(also(hinted, news));
        takeOver(view, lease);
        int underWay = view.containers().size() + view.allocations().size();
        var pass = new Pass(view, clock.instant());
        hinted.forEach(ref -> lookAtRunning(pass, ref));
        hinted.clear();
        List<Action> due;
        try {
            due = decide(pass, news);
            if (!write(pass.changes(), due, lease)) {
                return new Result(true, underWay);
            }
        } catch (StoreUnavailable | StaleLeaseException e) {
            throw e;
        } catch (RuntimeException e) {
            answers.refused(news);
            throw e;
        }
        boolean more = answers.written(news);
        follow(pass, due);
        // A failure only becomes a streak once it is written, so it is judged in the pass after.
        return new Result(more || !pass.failed().isEmpty(), underWay);
    }

    /** Another bridge, or this one before a restart, may have asked for something just now. */
    private void takeOver(View view, Lease lease) {
        if (lease.epoch() != epoch) {
            epoch = lease.epoch();
            dispatcher.forget();
            view.containers().stream()
                    .map(container -> container.startedAt().orElse(container.requestedAt()))
                    .max(Comparator.naturalOrder())
                    .ifPresent(provider::takesOver);
        }
    }

    /** The next step of everything, and the calls that it takes. */
    private List<Action> decide(Pass pass, List<Outcome> news) {
        var absorb = new Absorb(pass, memory);
        news.forEach(absorb::apply);
        if (draining) {
            decide.drain(pass, memory);
        } else {
            decide.run(pass, memory);
            Schedule.inits(pass).stream()
                    .flatMap(init -> dispatcher.initialised(init).stream())
                    .forEach(absorb::apply);
            Story.tell(pass);
        }
        return Schedule.of(pass).stream()
                .filter(action -> !(draining && action instanceof Action.Start))
                .toList();
    }

    /**
     * {@code false} when a row had changed meanwhile. Nothing is started or stopped but after a
     * write that names the lease, even if only to check it.
     */
    private boolean write(Changes changes, List<Action> actions, Lease lease) {
        var now = clock.instant();
        boolean check = actions.stream().anyMatch(action -> memory.due(action, now));
        return (!check && changes.none()) || store.commit(lease, changes);
    }

    /** What is written down is told and done. */
    private void follow(Pass pass, List<Action> actions) {
        var news = pass.told();
        if (!news.nothing()) {
            told.accept(news);
        }
        pass.failed().forEach((image, failure) -> failed(image, failure, pass.now()));
        pass.succeeded().forEach(memory::succeeded);
        actions.stream().filter(action -> memory.due(action, pass.now())).forEach(this::begin);
        watch.follow(pass.containers(ContainerState.STARTING));
        var names = new HashSet<String>();
        actions.forEach(action -> names.add(action.name()));
        watch.questions().forEach(question -> names.add(question.name()));
        memory.keepOnly(names, watch.followed());
        ask();
    }

    private void failed(ImageId image, Pass.Failure failure, Instant now) {
        memory.failed(image, failure, now);
        var why = failure.why();
        LOG.warn(
                "{} of image {} did not come up: {} ({}, to be mended by the {})",
                failure.containers(),
                image,
                why.text(),
                why.fault().kind(),
                why.owner().name().toLowerCase(Locale.ROOT));
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

    private void lookAtRunning(Pass pass, ContainerRef ref) {
        pass.container(ref)
                .map(Container::state)
                .filter(s -> s == ContainerState.READY || s == ContainerState.BOUND)
                .ifPresent(running -> look(Set.of(ref)));
    }

    private void report(Action action, Outcome outcome) {
        if (answers.arrive(action, outcome)) {
            wake.run();
        }
    }
}
