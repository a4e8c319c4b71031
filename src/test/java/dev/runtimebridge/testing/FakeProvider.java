package dev.runtimebridge.testing;

import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.Batch;
import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.Observation;
import dev.runtimebridge.provider.Provider;
import dev.runtimebridge.provider.ProviderException;
import dev.runtimebridge.provider.Started;
import dev.runtimebridge.provider.Workspace;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.IntBinaryOperator;
import java.util.function.Predicate;

/**
 * A provider in memory, for thousands of containers. Starts, delays, failures, lost replies and
 * ends are scripted; a ledger holds everything that was ever started, attached and stopped. Time is
 * the given clock's.
 */
public final class FakeProvider implements Provider {
    /** What answers at a container's address. */
    public interface Agents {
        /** Called once per container, when it first becomes reachable. */
        Address open(ContainerRef ref);

        void close(ContainerRef ref);
    }

    /** One container, from its start to its end; {@code stoppedBecause} is why it was stopped. */
    public record Entry(
            ContainerRef ref,
            String batchKey,
            Image image,
            Instant startedAt,
            Optional<Workspace> workspace,
            Optional<String> stoppedBecause) {}

    private static final class Running {
        final ContainerRef ref;
        final String batchKey;
        final Image image;
        final Instant startedAt;
        final Instant reachableAt;
        Optional<Address> address = Optional.empty();
        Optional<Workspace> workspace = Optional.empty();
        Optional<Cause> gone = Optional.empty();
        Optional<Cause> leaving = Optional.empty();
        Optional<String> stoppedBecause = Optional.empty();

        Running(
                ContainerRef ref,
                String batchKey,
                Image image,
                Instant startedAt,
                Instant reachable) {
            this.ref = ref;
            this.batchKey = batchKey;
            this.image = image;
            this.startedAt = startedAt;
            this.reachableAt = reachable;
        }

        Entry entry() {
            return new Entry(ref, batchKey, image, startedAt, workspace, stoppedBecause);
        }
    }

    private final InstantSource clock;
    private final Agents agents;
    private final Map<ContainerRef, Running> containers = new LinkedHashMap<>();
    private final Map<String, List<Started>> batches = new HashMap<>();
    private final Deque<Cause> declines = new ArrayDeque<>();
    private final Map<String, Deque<ProviderException>> failures = new HashMap<>();
    private final Map<String, Integer> calls = new HashMap<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private Function<ContainerRef, Duration> startTakes = _ -> Duration.ZERO;
    private Predicate<Image> offered = Image::enabled;
    private Duration addressKnownAfter = Duration.ZERO;
    private boolean keepsFiles = true;
    private int lostStartReplies;
    private int lostStopReplies;
    private Optional<ProviderException> outage = Optional.empty();
    private Optional<Predicate<ContainerRef>> busy = Optional.empty();
    private IntBinaryOperator admits = (wanted, _) -> wanted;
    private String place = "";
    private final List<String> places = new ArrayList<>();
    private final List<ContainerRef> suspected = new ArrayList<>();

    /** Addresses lead nowhere. */
    public FakeProvider(InstantSource clock) {
        this(clock, new Unanswered());
    }

    /** {@code agents} answer at the containers' addresses; {@link StubAgents} do over HTTP. */
    public FakeProvider(InstantSource clock, Agents agents) {
        this.clock = clock;
        this.agents = agents;
    }

    // --- script ---

    /** From now on a container is reachable this long after its start. */
    public synchronized FakeProvider startsTake(Duration duration) {
        return startsTake(_ -> duration);
    }

    public synchronized FakeProvider startsTake(Function<ContainerRef, Duration> duration) {
        startTakes = duration;
        return this;
    }

    /** What the loop is told of when looking is worth its while; set it before the loop starts. */
    public synchronized FakeProvider addressKnownAfter(Duration age) {
        addressKnownAfter = age;
        return this;
    }

    @Override
    public synchronized Duration addressKnownAfter() {
        return addressKnownAfter;
    }

    /** From now on users keep no files. */
    public synchronized FakeProvider keepsNoFiles() {
        keepsFiles = false;
        return this;
    }

    @Override
    public synchronized boolean keepsFiles() {
        return keepsFiles;
    }

    /** The next {@code count} containers asked for are declined. */
    public synchronized FakeProvider declineNext(int count, Cause cause) {
        for (int i = 0; i < count; i++) {
            declines.add(cause);
        }
        return this;
    }

    /**
     * The next call of this method ({@code start}, {@code observe}, ...) fails and does nothing.
     */
    public synchronized FakeProvider failNext(String method, ProviderException failure) {
        failures.computeIfAbsent(method, _ -> new ArrayDeque<>()).add(failure);
        return this;
    }

    /** The next start happens, but the caller sees a failure. */
    public synchronized FakeProvider loseNextStartReply() {
        lostStartReplies++;
        return this;
    }

    /** The next stop happens, but the caller sees a failure. */
    public synchronized FakeProvider loseNextStopReply() {
        lostStopReplies++;
        return this;
    }

    /** Every call fails until {@link #recover}. */
    public synchronized FakeProvider fail(ProviderException failure) {
        outage = Optional.of(failure);
        return this;
    }

    public synchronized FakeProvider recover() {
        outage = Optional.empty();
        return this;
    }

    public synchronized FakeProvider offerOnly(Predicate<Image> images) {
        offered = images;
        return this;
    }

    /** From now on containers that this says of are seen fetching their image. */
    public synchronized FakeProvider busy(Predicate<ContainerRef> which) {
        busy = Optional.of(which);
        return this;
    }

    /** How many of {@code wanted} may be asked for while {@code unanswered} have no answer. */
    public synchronized FakeProvider admit(IntBinaryOperator howMany) {
        admits = howMany;
        return this;
    }

    /** Where batches start from now on. */
    public synchronized FakeProvider startAt(String where) {
        place = where;
        return this;
    }

    /** Ends a container by itself, and hints. */
    public void end(ContainerRef ref, Cause cause) {
        synchronized (this) {
            var running = containers.get(ref);
            if (running == null) {
                throw new IllegalArgumentException("no container " + ref);
            }
            running.gone = Optional.of(cause);
            running.workspace = Optional.empty();
            close(running);
        }
        hint(ref);
    }

    /** Says that a container will be taken away soon, and hints. */
    public void giveNotice(ContainerRef ref, Cause cause) {
        synchronized (this) {
            containers.get(ref).leaving = Optional.of(cause);
        }
        hint(ref);
    }

    /** A container with our mark that no batch asked for. */
    public synchronized ContainerRef plantStranger(Image image) {
        var ref = new ContainerRef("fake-stranger-" + containers.size());
        containers.put(ref, new Running(ref, "", image, clock.instant(), clock.instant()));
        return ref;
    }

    /** Tells the listeners that this container probably changed. */
    public void hint(ContainerRef ref) {
        listeners.forEach(listener -> listener.changed(ref));
    }

    // --- ledger ---

    /** Everything ever started, in order. */
    public synchronized List<Entry> started() {
        return containers.values().stream().map(Running::entry).toList();
    }

    /** Everything {@link #stop} ended, in the order of the starts. */
    public synchronized List<Entry> stopped() {
        return started().stream().filter(entry -> entry.stoppedBecause().isPresent()).toList();
    }

    /** Everything that has neither ended nor been stopped. */
    public synchronized List<ContainerRef> running() {
        return containers.values().stream()
                .filter(FakeProvider::lives)
                .map(running -> running.ref)
                .toList();
    }

    /** How often a method was called, failures included. */
    public synchronized int calls(String method) {
        return calls.getOrDefault(method, 0);
    }

    /** The places of all calls to start, in order. */
    public synchronized List<String> places() {
        return List.copyOf(places);
    }

    /** What {@link #suspect} was told of, in order. */
    public synchronized List<ContainerRef> suspected() {
        return List.copyOf(suspected);
    }

    // --- port ---

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public synchronized boolean offers(Image image) {
        return offered.test(image);
    }

    @Override
    public synchronized String place() {
        return place;
    }

    @Override
    public synchronized int admits(int wanted, int unanswered) {
        return Math.clamp(admits.applyAsInt(wanted, unanswered), 0, wanted);
    }

    @Override
    public synchronized void suspect(ContainerRef ref) {
        suspected.add(ref);
    }

    @Override
    public synchronized List<Started> start(Batch batch) {
        enter("start");
        places.add(batch.place());
        var answer = batches.computeIfAbsent(batch.key(), _ -> startAll(batch));
        if (lostStartReplies > 0) {
            lostStartReplies--;
            throw lostReply("start");
        }
        return answer;
    }

    @Override
    public synchronized Map<ContainerRef, Observation> observe(Collection<ContainerRef> refs) {
        enter("observe");
        Map<ContainerRef, Observation> seen = new HashMap<>();
        for (var ref : refs) {
            seen.put(ref, look(ref));
        }
        return seen;
    }

    @Override
    public synchronized void attach(ContainerRef ref, Workspace workspace) {
        enter("attach");
        var running = containers.get(ref);
        if (running == null || !lives(running)) {
            throw ProviderException.lasting(
                    new Cause(Cause.Kind.LOST, ref + " does not run, nothing can be attached"),
                    null);
        }
        for (var other : containers.values()) {
            if (other != running && other.workspace.equals(Optional.of(workspace))) {
                end(other, "its workspace went to " + ref);
            }
        }
        running.workspace = Optional.of(workspace);
    }

    @Override
    public synchronized void stop(ContainerRef ref, String why) {
        enter("stop");
        var running = containers.get(ref);
        if (running != null && running.stoppedBecause.isEmpty()) {
            end(running, why);
        }
        if (lostStopReplies > 0) {
            lostStopReplies--;
            throw lostReply("stop");
        }
    }

    @Override
    public synchronized List<ContainerRef> owned() {
        enter("owned");
        return containers.values().stream()
                .filter(running -> running.stoppedBecause.isEmpty())
                .map(running -> running.ref)
                .toList();
    }

    @Override
    public void onChange(Listener listener) {
        listeners.add(listener);
    }

    private void enter(String method) {
        calls.merge(method, 1, Integer::sum);
        var scripted = failures.get(method);
        if (scripted != null && !scripted.isEmpty()) {
            throw scripted.remove();
        }
        outage.ifPresent(
                failure -> {
                    throw failure;
                });
    }

    private List<Started> startAll(Batch batch) {
        List<Started> answer = new ArrayList<>();
        for (int ordinal = 0; ordinal < batch.count(); ordinal++) {
            if (!declines.isEmpty()) {
                answer.add(new Started.Declined(declines.remove()));
                continue;
            }
            var ref = new ContainerRef("fake-" + batch.key() + "-" + ordinal);
            var now = clock.instant();
            var reachable = now.plus(startTakes.apply(ref));
            containers.put(ref, new Running(ref, batch.key(), batch.image(), now, reachable));
            answer.add(new Started.Accepted(ref));
        }
        return List.copyOf(answer);
    }

    private Observation look(ContainerRef ref) {
        var running = containers.get(ref);
        if (running == null) {
            return new Observation.Gone(new Cause(Cause.Kind.LOST, "no container " + ref));
        }
        if (running.gone.isPresent()) {
            return new Observation.Gone(running.gone.get());
        }
        if (running.leaving.isPresent()) {
            return new Observation.Leaving(running.leaving.get());
        }
        if (clock.instant().isBefore(running.reachableAt)) {
            return new Observation.Pending("starting", isBusy(ref));
        }
        if (running.address.isEmpty()) {
            running.address = Optional.of(agents.open(ref));
        }
        return new Observation.Reachable(running.address.get(), isBusy(ref));
    }

    private boolean isBusy(ContainerRef ref) {
        return busy.isPresent() && busy.get().test(ref);
    }

    private void end(Running running, String why) {
        running.stoppedBecause = Optional.of(why);
        if (running.gone.isEmpty()) {
            running.gone = Optional.of(new Cause(Cause.Kind.STOPPED, why));
        }
        running.workspace = Optional.empty();
        close(running);
    }

    private void close(Running running) {
        running.address.ifPresent(_ -> agents.close(running.ref));
        running.address = Optional.empty();
    }

    private static boolean lives(Running running) {
        return running.gone.isEmpty() && running.stoppedBecause.isEmpty();
    }

    private static ProviderException lostReply(String method) {
        return ProviderException.repeatable(
                new Cause(Cause.Kind.INFRASTRUCTURE, "the reply to " + method + " was lost"), null);
    }

    /** Hands out addresses that nobody listens on, each once. */
    private static final class Unanswered implements Agents {
        private int next;

        @Override
        public Address open(ContainerRef ref) {
            next++;
            return new Address(
                    "127." + (96 + (next >> 16)) + "." + ((next >> 8) & 255) + "." + (next & 255),
                    8000);
        }

        @Override
        public void close(ContainerRef ref) {}
    }
}
