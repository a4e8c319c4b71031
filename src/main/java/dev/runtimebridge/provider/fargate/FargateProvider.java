package dev.runtimebridge.provider.fargate;

import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.provider.Batch;
import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.Cause.Kind;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.Observation;
import dev.runtimebridge.provider.Provider;
import dev.runtimebridge.provider.ProviderException;
import dev.runtimebridge.provider.Started;
import dev.runtimebridge.provider.Workspace;
import dev.runtimebridge.provider.fargate.FargateSettings.Reach;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;

/**
 * Containers as tasks on AWS Fargate; a reference is a task's ARN. Keeps nothing that must survive:
 * a request can be made again from its batch, and everything else AWS tells.
 */
public final class FargateProvider implements Provider, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FargateProvider.class);

    /** Whoever runs the loops asks far more often. */
    private static final Duration NOBODY_ASKS = Duration.ofSeconds(20);

    private static final Observation NEVER_ONE_OF_OURS =
            new Observation.Gone(new Cause(Kind.LOST, "it never was a task"));

    private final InstantSource clock;
    private final AwsClients clients;
    private final AwsCalls calls;
    private final Tasks tasks;
    private final Places places;
    private final TaskDefinitions definitions;
    private final RunTaskRequests requests;
    private final TaskWatch watch;
    private final TaskLooks looks;
    private final ExecutorService beside = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Optional<EventQueue> events;
    private volatile Instant lastAsked = Instant.MIN;

    private FargateProvider(
            FargateSettings settings,
            AgentEnvironment environment,
            AwsCalls.Pace pace,
            RandomGenerator random) {
        this.clock = pace.clock();
        this.clients = new AwsClients(settings);
        this.calls = new AwsCalls(settings.quotas(), new Verdicts(where(settings)), pace, random);
        this.tasks = new Tasks(settings, clients, calls);
        this.places = new Places(settings.capacity(), settings.network().subnets(), clock);
        this.definitions =
                new TaskDefinitions(clients, calls, settings.agentContainer(), clock, beside);
        this.requests = new RunTaskRequests(settings, environment);
        this.watch =
                new TaskWatch(
                        clock,
                        new LookTimes(looksPerSecond(settings.quotas())),
                        environment.port(),
                        settings.network().reach() == Reach.PUBLIC,
                        pace.unseen());
        this.looks = new TaskLooks(watch, tasks, places, new PublicAddresses(clients, calls));
        var reader = new TaskEvents(RunTaskRequests.mark(settings.installation()));
        this.events =
                settings.eventsQueue()
                        .map(
                                url ->
                                        new EventQueue(
                                                clients,
                                                calls,
                                                url,
                                                this::somebodyAsks,
                                                text -> reader.read(text).ifPresent(this::heard)));
    }

    /** What is called, for people. */
    static String where(FargateSettings settings) {
        return settings.endpoint().map(URI::toString).orElse("region " + settings.region());
    }

    /** Half of what sweeps may take; the other half is for listing. */
    private static int looksPerSecond(Quotas quotas) {
        return Math.max(1, Limit.SWEEPS.rate(quotas).perSecond() / 2);
    }

    /** A provider by these settings. Calls nobody: whether AWS is there is found out in use. */
    public static FargateProvider open(
            FargateSettings settings,
            AgentEnvironment environment,
            InstantSource clock,
            RandomGenerator random) {
        return new FargateProvider(settings, environment, AwsCalls.Pace.of(clock), random);
    }

    /** The same in a time of the caller's. */
    static FargateProvider open(
            FargateSettings settings,
            AgentEnvironment environment,
            AwsCalls.Pace pace,
            RandomGenerator random) {
        return new FargateProvider(settings, environment, pace, random);
    }

    @Override
    public String name() {
        return "fargate";
    }

    @Override
    public boolean offers(Image image) {
        var definition = image.run().taskDefinition();
        return !definition.isBlank() && definitions.usable(definition);
    }

    @Override
    public String place() {
        return places.next().text();
    }

    /** Whole batches as far as possible: a call for one task costs as much as one for ten. */
    @Override
    public int admits(int wanted, int unanswered) {
        var limit = places.likely().limit();
        var throttle = calls.throttle(limit);
        // What is under way has taken its tokens already.
        int withoutTokens = Math.max(0, unanswered - throttle.unanswered());
        int room = throttle.available() - withoutTokens;
        int batch = Math.min(Batch.MOST, throttle.burst());
        if (wanted <= room) {
            return wanted;
        }
        return Math.max(0, room / batch * batch);
    }

    /** Nobody knows how much of AWS's buckets was left then; little, at worst. */
    @Override
    public void takesOver(Instant lastStart) {
        for (var limit : List.of(Limit.TASKS_ON_DEMAND, Limit.TASKS_SPOT, Limit.RUN_TASK)) {
            calls.throttle(limit).emptyAt(lastStart);
        }
    }

    @Override
    public List<Started> start(Batch batch) {
        var place = Place.of(batch.place()).orElseGet(places::next);
        var definition = batch.image().run().taskDefinition();
        try {
            var request = requests.of(batch, place, definitions.container(definition));
            var placed = tasks.run(request, place.limit());
            placed.tasks().forEach(watch::started);
            return placed.started(batch.count(), cause -> places.judged(cause, place));
        } catch (ProviderException e) {
            if (e.why().kind() == Kind.IMAGE) {
                definitions.refused(definition, e.why());
            }
            throw e;
        }
    }

    @Override
    public Duration addressKnownAfter() {
        return LookTimes.FIRST;
    }

    @Override
    public Map<ContainerRef, Observation> observe(Collection<ContainerRef> refs) {
        lastAsked = clock.instant();
        looks.at(refs.stream().filter(Tasks::named).toList());
        var seen = new HashMap<ContainerRef, Observation>();
        for (var ref : refs) {
            seen.put(ref, Tasks.named(ref) ? watch.observation(ref) : NEVER_ONE_OF_OURS);
        }
        return seen;
    }

    @Override
    public void suspect(ContainerRef ref) {
        watch.suspect(ref);
    }

    @Override
    public boolean keepsFiles() {
        return false;
    }

    @Override
    public void attach(ContainerRef ref, Workspace workspace) {}

    @Override
    public void stop(ContainerRef ref, String why) {
        if (Tasks.named(ref)) {
            tasks.stop(ref, why);
            watch.stopped(ref, new Cause(Kind.STOPPED, why));
        }
    }

    @Override
    public List<ContainerRef> owned() {
        return tasks.list().stream().filter(ref -> !over(ref)).toList();
    }

    /** AWS may list a task for a moment after it was told to stop. */
    private boolean over(ContainerRef ref) {
        return watch.sighting(ref).map(seen -> seen.end() != null).orElse(false);
    }

    @Override
    public void onChange(Listener listener) {
        listeners.add(listener);
    }

    private boolean somebodyAsks() {
        return lastAsked.plus(NOBODY_ASKS).isAfter(clock.instant());
    }

    private void heard(TaskEvents.Event event) {
        if (watch.heard(event.ref(), looks.placed(event.seen()))) {
            LOG.debug("{} is {}", event.ref(), event.seen().status());
            listeners.forEach(listener -> listener.changed(event.ref()));
        }
    }

    /**
     * What is wrong between the bridge and AWS, one sentence; empty while nothing is known to be.
     */
    public Optional<String> trouble() {
        return calls.trouble();
    }

    @Override
    public void close() {
        events.ifPresent(EventQueue::close);
        beside.shutdownNow();
        clients.close();
    }
}
