package dev.runtimebridge.provider.local;

import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.FileTrees;
import dev.runtimebridge.provider.Observation;
import dev.runtimebridge.provider.Provider;
import dev.runtimebridge.provider.ProviderException;
import dev.runtimebridge.provider.Turns;
import dev.runtimebridge.provider.Workspace;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * Takes one container through its life. Whatever a killed bridge left half done is taken up where
 * it stands: a place without a process is looked for by the mark and else started, a stop that was
 * begun has its tombstone and is repeated.
 */
final class Containers {
    private static final int WRONG_SETTINGS = 78;

    private final Layout layout;
    private final Supplier<Boundary> boundary;
    private final Marks marks;
    private final AddressBook addresses;
    private final Launcher launcher;
    private final Ending ending;
    private final Turns<ContainerRef> turns = new Turns<>();
    private final Map<ContainerRef, Integer> exits = new ConcurrentHashMap<>();
    private final List<Provider.Listener> listeners = new CopyOnWriteArrayList<>();

    Containers(
            Layout layout,
            Supplier<Boundary> boundary,
            Marks marks,
            AddressBook addresses,
            Launcher launcher,
            Ending ending) {
        this.layout = layout;
        this.boundary = boundary;
        this.marks = marks;
        this.addresses = addresses;
        this.launcher = launcher;
        this.ending = ending;
    }

    void onChange(Provider.Listener listener) {
        listeners.add(listener);
    }

    /** Takes up what an earlier bridge left: its addresses are taken, its processes watched. */
    void resume() throws IOException {
        for (var folder : layout.containers()) {
            folder.place().ifPresent(addresses::take);
            folder.process()
                    .filter(ProcessIdentity::alive)
                    .ifPresent(process -> watch(folder.ref(), process));
        }
    }

    /** Starts it unless it was started, or stopped, before. */
    void start(ContainerRef ref, Map<String, String> environment) throws IOException {
        turns.await(ref, () -> begin(layout.container(ref), environment));
    }

    /** Where it will be once it is started; one that was stopped before is refused. */
    AddressBook.Place reserve(ContainerRef ref) throws IOException {
        return turns.await(
                ref,
                () -> {
                    if (layout.stopped(ref).isPresent()) {
                        throw refuse(unknown(ref));
                    }
                    return place(layout.container(ref));
                });
    }

    Observation observe(ContainerRef ref) throws IOException {
        var stopped = layout.stopped(ref);
        if (stopped.isPresent()) {
            return new Observation.Gone(new Cause(Cause.Kind.STOPPED, stopped.get()));
        }
        var folder = layout.container(ref);
        var seen = turns.tryNow(ref, () -> look(folder));
        return seen.isPresent() ? seen.get() : glance(folder);
    }

    void attach(ContainerRef ref, Workspace workspace) throws IOException {
        if (!ContainerFolder.named(ref)) {
            throw refuse(unknown(ref));
        }
        turns.await(ref, () -> moveIn(layout.container(ref), workspace));
    }

    void terminate(ContainerRef ref) throws IOException {
        turns.await(
                ref,
                () -> {
                    ending.ask(ref, layout.container(ref).process());
                    return ref;
                });
    }

    void stop(ContainerRef ref, String why) throws IOException {
        turns.await(ref, () -> end(layout.container(ref), why));
        hint(ref);
    }

    /**
     * The place is recorded before there is a process, and a process has its mark from its first
     * instruction on: however early a bridge is killed, the next one sees that something was
     * reserved and finds what came of it.
     */
    private ContainerFolder begin(ContainerFolder folder, Map<String, String> environment)
            throws IOException {
        var ref = folder.ref();
        if (layout.stopped(ref).isPresent() || known(folder).isPresent()) {
            return folder;
        }
        var process = launcher.launch(folder, place(folder), environment);
        var identity = ProcessIdentity.of(process.pid());
        if (identity.isPresent()) {
            folder.process(identity.get());
        } else {
            folder.ended(cause(folder, Optional.empty()));
        }
        var _ = process.onExit().thenAccept(ended -> exited(ref, ended.exitValue()));
        return folder;
    }

    private AddressBook.Place place(ContainerFolder folder) throws IOException {
        layout.prepare(folder, boundary.get());
        var known = folder.place();
        if (known.isPresent()) {
            return known.get();
        }
        var place = addresses.reserve();
        folder.place(place);
        return place;
    }

    private void exited(ContainerRef ref, int status) {
        if (!layout.isStopped(ref)) {
            exits.put(ref, status);
        }
        hint(ref);
    }

    private ContainerFolder moveIn(ContainerFolder folder, Workspace workspace) throws IOException {
        var ref = folder.ref();
        if (layout.stopped(ref).isPresent()) {
            throw refuse(unknown(ref));
        }
        if (look(folder) instanceof Observation.Gone(var cause)) {
            throw refuse(new Cause(cause.kind(), ref + " is over: " + cause.detail()));
        }
        var holds = folder.workspace();
        if (holds.isPresent() && !holds.get().equals(workspace)) {
            throw refuse(new Cause(Cause.Kind.INFRASTRUCTURE, ref + " has another's workspace"));
        }
        if (!layout.movedIn(folder)) {
            layout.keep(workspace, boundary.get().owner());
            folder.workspace(workspace);
            layout.moveIn(folder, workspace);
        }
        return folder;
    }

    /** The tombstone comes first: from then on nothing starts this again. */
    private ContainerFolder end(ContainerFolder folder, String why) throws IOException {
        var ref = folder.ref();
        if (folder.exists()) {
            layout.bury(ref, why);
            ending.end(ref, folder.process());
            layout.moveOut(folder);
            var place = folder.place();
            FileTrees.delete(folder.path());
            place.ifPresent(addresses::release);
        } else {
            ending.end(ref, Optional.empty());
        }
        exits.remove(ref);
        return folder;
    }

    static Cause unknown(ContainerRef ref) {
        return new Cause(Cause.Kind.LOST, "there is no container " + ref);
    }

    private Observation look(ContainerFolder folder) throws IOException {
        if (!folder.exists()) {
            return new Observation.Gone(unknown(folder.ref()));
        }
        var ended = folder.ended();
        if (ended.isPresent()) {
            return new Observation.Gone(ended.get());
        }
        var process = known(folder);
        var place = folder.place();
        if (process.isEmpty() || place.isEmpty()) {
            return new Observation.Pending("reserved");
        }
        if (process.get().alive() || takenUpInside(folder)) {
            Launcher.bound(folder.log());
            return new Observation.Reachable(LocalProvider.address(place.get()));
        }
        var cause = cause(folder, Optional.ofNullable(exits.get(folder.ref())));
        folder.ended(cause);
        return new Observation.Gone(cause);
    }

    /** While another call works on it: what runs is reachable, anything else will show later. */
    private static Observation glance(ContainerFolder folder) throws IOException {
        var place = folder.place();
        boolean runs =
                folder.ended().isEmpty()
                        && folder.process().filter(ProcessIdentity::alive).isPresent();
        return runs && place.isPresent()
                ? new Observation.Reachable(LocalProvider.address(place.get()))
                : new Observation.Pending("starting");
    }

    /** What was started, found by its mark if the bridge was killed before it could be recorded. */
    private Optional<ProcessIdentity> known(ContainerFolder folder) throws IOException {
        var recorded = folder.process();
        if (recorded.isPresent() || folder.place().isEmpty()) {
            return recorded;
        }
        var found = marks.find().getOrDefault(folder.ref(), List.of()).stream().findFirst();
        if (found.isPresent()) {
            folder.process(found.get());
            watch(folder.ref(), found.get());
        }
        return found;
    }

    /** Whether the sandbox lives on although the process that set it up was killed. */
    private boolean takenUpInside(ContainerFolder folder) throws IOException {
        if (!boundary.get().endsWhole()) {
            return false;
        }
        var init = Marks.sandboxInit(marks.find().getOrDefault(folder.ref(), List.of()));
        if (init.isPresent()) {
            folder.process(init.get());
            watch(folder.ref(), init.get());
        }
        return init.isPresent();
    }

    private static Cause cause(ContainerFolder folder, Optional<Integer> status) {
        var kind =
                status.filter(code -> code == WRONG_SETTINGS).isPresent()
                        ? Cause.Kind.CONFIGURATION
                        : Cause.Kind.EXITED;
        var ended =
                status.map(code -> "the agent's supervisor ended with status " + code)
                        .orElse("the agent's supervisor ended");
        return new Cause(kind, ended + ": " + Boundaries.lastLine(folder.log(), "it said nothing"));
    }

    private static ProviderException refuse(Cause why) {
        return ProviderException.lasting(why, null);
    }

    private void watch(ContainerRef ref, ProcessIdentity process) {
        var _ = process.ended().thenAccept(_ -> hint(ref));
    }

    private void hint(ContainerRef ref) {
        listeners.forEach(listener -> listener.changed(ref));
    }
}
