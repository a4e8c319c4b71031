package dev.runtimebridge.provider.docker;

import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.provider.Batch;
import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.Cause.Kind;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.Observation;
import dev.runtimebridge.provider.Provider;
import dev.runtimebridge.provider.ProviderException;
import dev.runtimebridge.provider.Started;
import dev.runtimebridge.provider.Turns;
import dev.runtimebridge.provider.Workspace;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * Containers of a Docker engine. References are made of the batch's key and the ordinal and are the
 * containers' names, so that a repeated start finds what an earlier one did.
 */
public final class DockerProvider implements Provider, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DockerProvider.class);

    /** For people who let others in. */
    static final String NO_DISK_LIMIT =
            "What containers write to their homes is not limited: keep an eye on the engine's"
                    + " disk.";

    private final Engine engine;
    private final Names names;
    private final ContainerNetwork network;
    private final Ground ground;
    private final Homes homes;
    private final Tombstones tombstones;
    private final Containers containers;
    private final Pulls pulls;
    private final EngineEvents events;
    private final Turns<Workspace> moves = new Turns<>();
    private final Turns<ContainerRef> turns = new Turns<>();
    private final ExecutorService beside = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Map<String, Boolean> had = new ConcurrentHashMap<>();

    private DockerProvider(DockerSettings settings, InstantSource clock) {
        this.engine = Engine.at(settings.host());
        this.names = new Names(settings.installation());
        this.homes = new Homes(engine, names, settings.helperImage());
        this.network =
                new ContainerNetwork(engine, names, settings.helperImage(), settings.subnet());
        this.ground = new Ground(network, homes, settings.bridgeUrl());
        this.tombstones = new Tombstones(engine, names, clock);
        this.containers = new Containers(engine, names, settings);
        this.pulls = new Pulls(engine, beside);
        this.events = new EngineEvents(settings.host(), names, this::changed, () -> {});
    }

    /** A provider by these settings. Whether the engine answers is found out in use. */
    public static DockerProvider open(DockerSettings settings, InstantSource clock) {
        return new DockerProvider(settings, clock);
    }

    /**
     * The engine's machine as containers see it; makes their network if it is not there.
     *
     * @throws ProviderException when that cannot be done
     */
    public String gateway() {
        return network.gateway();
    }

    /** What users should know, and whoever lets them in; asks the engine. */
    public List<String> notes() {
        return List.of(
                "containers run on Docker " + engine.about().version() + " at " + engine.host(),
                NO_DISK_LIMIT);
    }

    /** Why the engine does not answer, one sentence; empty while it does. */
    public Optional<String> trouble() {
        return engine.trouble();
    }

    @Override
    public String name() {
        return "docker";
    }

    @Override
    public boolean offers(Image image) {
        var reference = image.run().containerImage();
        return !reference.isBlank() && (Pulls.possible(reference) || has(reference));
    }

    /** What was so when the engine last answered. */
    private boolean has(String reference) {
        try {
            var there = RuntimeImages.has(engine, reference);
            had.put(reference, there);
            return there;
        } catch (ProviderException e) {
            return had.getOrDefault(reference, true);
        }
    }

    /** What containers stand on is made at once, so that the first launch need not wait for it. */
    @Override
    public void takesOver(Instant lastStart) {
        beside.execute(
                () -> {
                    try {
                        ground.made();
                    } catch (ProviderException e) {
                        LOG.warn("launches will fail for now: {}", e.why().text());
                    }
                });
    }

    @Override
    public List<Started> start(Batch batch) {
        if (!Names.isKey(batch.key())) {
            throw ProviderException.lasting(
                    new Cause(
                            Kind.CONFIGURATION,
                            "a batch's key has 1 to 64 letters, digits, - and _"),
                    null);
        }
        var ready = has(batch.image().run().containerImage());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var starts =
                    IntStream.range(0, batch.count())
                            .mapToObj(ordinal -> names.ref(batch.key(), ordinal))
                            .map(
                                    ref ->
                                            CompletableFuture.supplyAsync(
                                                    () -> start(ref, batch.image(), ready),
                                                    threads))
                            .toList();
            return starts.stream().map(CompletableFuture::join).toList();
        } catch (CompletionException e) {
            if (e.getCause() instanceof ProviderException failure) {
                ground.doubt();
                throw failure;
            }
            throw e;
        }
    }

    private Started start(ContainerRef ref, Image image, boolean ready) {
        if (!ready) {
            fetchFirst(ref, image);
            return new Started.Accepted(ref);
        }
        return await(ref, () -> startNow(ref, image));
    }

    private Started startNow(ContainerRef ref, Image image) {
        try {
            if (tombstones.why(ref).isEmpty()) {
                containers.start(ref, image, ground.made());
            }
            return new Started.Accepted(ref);
        } catch (ProviderException e) {
            if (e.why().kind() == Kind.CAPACITY) {
                return new Started.Declined(e.why());
            }
            throw e;
        }
    }

    private void fetchFirst(ContainerRef ref, Image image) {
        var reference = image.run().containerImage();
        Pulls.refuseImpossible(reference);
        pulls.await(ref, reference, () -> await(ref, () -> startNow(ref, image)), this::changed);
    }

    @Override
    public Map<ContainerRef, Observation> observe(Collection<ContainerRef> refs) {
        var all = containers.all();
        var seen = new HashMap<ContainerRef, Observation>();
        for (var ref : refs) {
            var found = all.get(ref);
            seen.put(ref, found == null ? missing(ref) : containers.observation(ref, found));
        }
        return seen;
    }

    private Observation missing(ContainerRef ref) {
        return pulls.observation(ref).orElseGet(() -> gone(ref));
    }

    private Observation gone(ContainerRef ref) {
        var why = names.named(ref) ? tombstones.why(ref) : Optional.<String>empty();
        return new Observation.Gone(
                why.map(text -> new Cause(Kind.STOPPED, text))
                        .orElseGet(() -> new Cause(Kind.LOST, "the engine has no " + ref)));
    }

    @Override
    public void attach(ContainerRef ref, Workspace workspace) {
        if (!(observe(List.of(ref)).get(ref) instanceof Observation.Reachable)) {
            throw ProviderException.lasting(
                    new Cause(Kind.LOST, ref + " does not run and can have no workspace"), null);
        }
        await(
                moves,
                workspace,
                () -> {
                    var holder = homes.attach(ref, workspace);
                    if (holder.isPresent()) {
                        stop(holder.get(), "its workspace went to " + ref);
                        homes.attach(ref, workspace);
                    }
                    return ref;
                });
    }

    @Override
    public void stop(ContainerRef ref, String why) {
        if (!names.named(ref)) {
            return; // never one of ours
        }
        await(
                ref,
                () -> {
                    tombstones.bury(ref, why);
                    containers.end(ref);
                    homes.detach(ref);
                    containers.remove(ref);
                    pulls.forget(ref);
                    return ref;
                });
        changed(ref);
    }

    @Override
    public List<ContainerRef> owned() {
        tombstones.clean();
        return List.copyOf(containers.all().keySet());
    }

    @Override
    public void retire() {
        ground.dismantle();
    }

    @Override
    public void onChange(Listener listener) {
        listeners.add(listener);
    }

    private void changed(ContainerRef ref) {
        LOG.debug("{} has changed", ref);
        listeners.forEach(listener -> listener.changed(ref));
    }

    private <T> T await(ContainerRef ref, Turns.Work<T> work) {
        return await(turns, ref, work);
    }

    private static <K, T> T await(Turns<K> turns, K key, Turns.Work<T> work) {
        try {
            return turns.await(key, work);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        events.close();
        beside.shutdownNow();
        engine.close();
    }
}
