package dev.runtimebridge.provider.local;

import dev.runtimebridge.allocation.Ids;
import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.Batch;
import dev.runtimebridge.provider.Cause;
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
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Containers as processes of this machine; {@link #isolation} says what that means here. References
 * are made of the batch's key and the ordinal, so that a repeated start finds what an earlier one
 * did.
 */
public final class LocalProvider implements Provider {
    private static final Logger LOG = LoggerFactory.getLogger(LocalProvider.class);
    private static final String NET = "127.64";

    /** Longer than any batch is repeated. */
    private static final Duration STOPPED_ARE_KNOWN_FOR = Duration.ofDays(2);

    private final Layout layout;
    private final FolderFaults faults;
    private final SearchPath path;
    private final Supplier<Boundary> boundary;
    private final Marks marks;
    private final Containers containers;
    private final Turns<Workspace> moves = new Turns<>();
    private final Map<String, Boolean> offered = new ConcurrentHashMap<>();

    private LocalProvider(
            Layout layout,
            SearchPath path,
            Supplier<Boundary> boundary,
            Marks marks,
            Containers containers) {
        this.layout = layout;
        this.faults = new FolderFaults(layout.root());
        this.path = path;
        this.boundary = boundary;
        this.marks = marks;
        this.containers = containers;
    }

    /**
     * Opens the folder and takes up what an earlier bridge left in it. Which boundary works here is
     * tried beside that; what needs to know waits for it, some tenths of a second at most where
     * nothing is wrong.
     *
     * @throws IOException when the folder cannot be used
     */
    public static LocalProvider open(LocalSettings settings, Ids ids, InstantSource clock)
            throws IOException {
        var layout = Layout.open(settings.folder());
        var installation = layout.installation(ids);
        layout.forgetTrials();
        var boundaries = new Boundaries(settings, layout);
        var marks = new Marks(installation);
        var addresses =
                new AddressBook(
                        NET, settings.agentPort(), settings.sshPort(), installation.hashCode());
        var rehearsal = new Rehearsal(layout, addresses, marks);
        Supplier<Boundary> boundary =
                CompletableFuture.supplyAsync(boundaries::choose, Thread::startVirtualThread)
                                .thenCombine(
                                        CompletableFuture.runAsync(
                                                rehearsal::run, Thread::startVirtualThread),
                                        (chosen, _) -> chosen)
                        ::join;
        layout.forgetStoppedBefore(clock.instant().minus(STOPPED_ARE_KNOWN_FOR));
        var containers =
                new Containers(
                        layout,
                        boundary,
                        marks,
                        addresses,
                        new Launcher(settings, boundary, marks),
                        new Ending(marks, settings.grace()));
        containers.resume();
        return new LocalProvider(
                layout, SearchPath.of(settings.path()), boundary, marks, containers);
    }

    /** For people to read before they let users in. Waits until it is known. */
    public Isolation isolation() {
        return boundary.get().isolation();
    }

    @Override
    public String name() {
        return "local";
    }

    @Override
    public boolean offers(Image image) {
        var program = image.run().localCommand();
        return !program.isBlank() && offered.computeIfAbsent(program, this::offers);
    }

    private boolean offers(String program) {
        boolean there = boundary.get().offers(program);
        if (!there) {
            path.find(program)
                    .ifPresent(
                            hidden ->
                                    LOG.info(
                                            "{} is not offered: containers do not see {}; install"
                                                    + " it for all users, under /usr or /opt",
                                            program,
                                            hidden));
        }
        return there;
    }

    @Override
    public List<Started> start(Batch batch) {
        var refs =
                IntStream.range(0, batch.count())
                        .mapToObj(
                                ordinal -> new ContainerRef("local-" + batch.key() + "-" + ordinal))
                        .toList();
        if (!refs.stream().allMatch(ContainerFolder::named)) {
            throw ProviderException.lasting(
                    new Cause(
                            Cause.Kind.CONFIGURATION,
                            "a batch's key has 1 to 64 letters, digits, - and _"),
                    null);
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var starts =
                    refs.stream()
                            .map(
                                    ref ->
                                            threads.submit(
                                                    (Callable<Started>) () -> start(ref, Map.of())))
                            .toList();
            return starts.stream().map(LocalProvider::outcome).toList();
        }
    }

    @Override
    public Map<ContainerRef, Observation> observe(Collection<ContainerRef> refs) {
        return faults.guarded("look at containers", () -> observeAll(refs));
    }

    @Override
    public void attach(ContainerRef ref, Workspace workspace) {
        faults.guarded(
                "attach a workspace to " + ref,
                () -> {
                    moves.await(workspace, () -> give(ref, workspace));
                    return ref;
                });
    }

    @Override
    public void stop(ContainerRef ref, String why) {
        if (!ContainerFolder.named(ref)) {
            return; // never one of ours
        }
        faults.guarded(
                "stop " + ref,
                () -> {
                    containers.stop(ref, why);
                    return ref;
                });
    }

    @Override
    public List<ContainerRef> owned() {
        return faults.guarded(
                "list containers",
                () -> {
                    Set<ContainerRef> all = new LinkedHashSet<>();
                    layout.containers().forEach(folder -> all.add(folder.ref()));
                    all.addAll(marks.find().keySet());
                    return List.copyOf(all);
                });
    }

    @Override
    public void onChange(Listener listener) {
        containers.onChange(listener);
    }

    private ContainerRef give(ContainerRef ref, Workspace workspace) throws IOException {
        for (var holder : layout.containers()) {
            if (!holder.ref().equals(ref)
                    && holder.workspace().filter(workspace::equals).isPresent()) {
                containers.stop(holder.ref(), "its workspace went to " + ref);
            }
        }
        containers.attach(ref, workspace);
        return ref;
    }

    /**
     * Keeps an address for a container before it is started, for who must name it that early.
     * Repeatable.
     *
     * @throws ProviderException when there is none, or the container was stopped before
     */
    public Address reserve(ContainerRef ref) {
        return address(
                faults.guarded("reserve an address for " + ref, () -> containers.reserve(ref)));
    }

    /**
     * Starts one container. Repeatable.
     *
     * @param environment further environment of its agent, which replaces what agents are told here
     *     anyway; its user may read it
     */
    public Started start(ContainerRef ref, Map<String, String> environment) {
        faults.guarded(
                "start " + ref,
                () -> {
                    containers.start(ref, environment);
                    return ref;
                });
        return new Started.Accepted(ref);
    }

    /** Asks a container to end, as SIGTERM does, and leaves it the time that it takes. */
    public void terminate(ContainerRef ref) {
        faults.guarded(
                "ask " + ref + " to end",
                () -> {
                    containers.terminate(ref);
                    return ref;
                });
    }

    private Map<ContainerRef, Observation> observeAll(Collection<ContainerRef> refs)
            throws IOException {
        Map<ContainerRef, Observation> seen = new HashMap<>();
        for (var ref : refs) {
            seen.put(
                    ref,
                    ContainerFolder.named(ref)
                            ? containers.observe(ref)
                            : new Observation.Gone(Containers.unknown(ref)));
        }
        return seen;
    }

    private static <T> T outcome(java.util.concurrent.Future<T> start) {
        try {
            return start.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProviderException.repeatable(
                    new Cause(Cause.Kind.INFRASTRUCTURE, "interrupted while starting"), e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProviderException failure) {
                throw failure;
            }
            throw new IllegalStateException("a start failed", e.getCause());
        }
    }

    /** {@return the address that observers are told} */
    static Address address(AddressBook.Place place) {
        return new Address(place.ip(), place.agentPort());
    }
}
