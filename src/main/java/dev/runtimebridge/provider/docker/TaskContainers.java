package dev.runtimebridge.provider.docker;

import com.github.dockerjava.api.model.Container;

import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.ProviderException;
import dev.runtimebridge.provider.Turns;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/**
 * Containers as an orchestrator's tasks have them: an address that is there first, then the
 * container with the image's own files, which end with it, and with what its definition says. What
 * a bridge remembers of containers is not for them: their tasks are remembered elsewhere, and what
 * a run leaves is ended by the next one.
 */
public final class TaskContainers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TaskContainers.class);

    private final Engine engine;
    private final Names names;
    private final String helperImage;
    private final ContainerNetwork network;
    private final String gateway;
    private final EngineEvents events;
    private final Turns<String> turns = new Turns<>();
    private final Set<String> reserved = ConcurrentHashMap.newKeySet();
    private final Map<ContainerRef, Watched> watched = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * Where tasks run.
     *
     * @param host of the engine
     * @param installation whose containers these are, as in {@link DockerSettings}
     * @param helperImage one of this project's images
     * @param subnet of the tasks' network; absent for the engine's choice
     */
    public record Settings(
            URI host, String installation, String helperImage, Optional<String> subnet) {}

    /**
     * A container to start.
     *
     * @param task letters and digits
     * @param cpuUnits 1024 for a core
     */
    public record Order(
            String task,
            String image,
            int cpuUnits,
            int memoryMebibytes,
            Map<String, String> environment) {
        public Order {
            environment = Map.copyOf(environment);
        }
    }

    /** Hears once that a container has ended by itself or as it was asked to. */
    public interface Watcher {
        void ended(int status, Cause why);
    }

    private record Watched(TaskPair pair, Watcher watcher) {}

    private TaskContainers(Settings settings) {
        this.engine = Engine.at(settings.host());
        this.names = new Names(settings.installation());
        this.helperImage = settings.helperImage();
        this.network = new ContainerNetwork(engine, names, helperImage, settings.subnet());
        try {
            sweep();
            this.gateway = network.gateway();
            network.protect(List.of());
        } catch (ProviderException e) {
            engine.close();
            throw e;
        }
        this.events = new EngineEvents(settings.host(), names, this::look, this::lookAtAll);
    }

    /**
     * Makes the network, and ends what an earlier run left.
     *
     * @throws ProviderException when the engine does not answer, or has no images
     */
    public static TaskContainers open(Settings settings) {
        return new TaskContainers(settings);
    }

    /** The engine's machine as tasks see it. */
    public String gateway() {
        return gateway;
    }

    /** Whether the engine has this image. */
    public boolean has(String image) {
        return RuntimeImages.has(engine, image);
    }

    /**
     * Makes an address for a task.
     *
     * @throws ProviderException when none is free
     */
    public String reserve(String task) {
        return inTurn(
                task,
                () -> {
                    if (closed) {
                        throw new IllegalStateException("tasks are ending");
                    }
                    reserved.add(task);
                    return engine.call(
                            "make an address for a task",
                            docker -> pair(task).hold(docker, helperImage));
                });
    }

    /**
     * Starts a task's container at its address; fetches its image where that is missing. What its
     * environment names at the gateway, all tasks may call.
     *
     * @param watcher told on another thread
     * @throws ProviderException when that cannot be done; of the kind {@code IMAGE} when there is
     *     none
     * @throws IllegalStateException when the task was killed meanwhile
     */
    public void start(Order order, Watcher watcher) {
        if (!has(order.image())) {
            Pulls.fetch(engine, order.image(), _ -> {});
        }
        network.letThrough(order.environment().values());
        var pair = pair(order.task());
        inTurn(
                order.task(),
                () -> {
                    if (!reserved.contains(order.task())) {
                        throw new IllegalStateException("its task has been stopped");
                    }
                    var ref =
                            engine.call(
                                    "start a task's container",
                                    docker -> pair.start(docker, order));
                    watched.put(ref, new Watched(pair, watcher));
                    return ref;
                });
        look(pair.ref()); // it may have ended before anybody watched
    }

    /** Asks a task's container to end; an absent one is success. */
    public void terminate(String task) {
        engine.call("ask a task's container to end", docker -> pair(task).terminate(docker));
    }

    /** Ends a task's container at once, if it has one, and gives its address back. */
    public void kill(String task) {
        inTurn(
                task,
                () -> {
                    reserved.remove(task);
                    watched.remove(pair(task).ref());
                    return engine.call("end a task", docker -> pair(task).remove(docker));
                });
    }

    private TaskPair pair(String task) {
        return new TaskPair(names, task);
    }

    private void lookAtAll() {
        watched.keySet().forEach(this::look);
    }

    /** Tells of its end, if it has ended. */
    private void look(ContainerRef ref) {
        var of = watched.get(ref);
        if (of != null) {
            Thread.ofVirtual().name("look at " + ref).start(() -> look(of));
        }
    }

    private void look(Watched of) {
        var ref = of.pair().ref();
        try {
            var end = engine.call("look at " + ref, of.pair()::end);
            if (end.isPresent() && watched.remove(ref, of)) {
                LOG.info("{} has ended: {}", ref, end.get().why().detail());
                of.watcher().ended(end.get().status(), end.get().why());
            }
        } catch (ProviderException e) {
            LOG.warn("whether {} has ended is not known yet: {}", ref, e.why().detail());
        }
    }

    private void sweep() {
        engine.call(
                "end what an earlier run left",
                docker -> {
                    docker
                            .listContainersCmd()
                            .withShowAll(true)
                            .withLabelFilter(names.filter())
                            .exec()
                            .stream()
                            .map(Container::getId)
                            .forEach(id -> Containers.removeIfThere(docker, id));
                    return names;
                });
    }

    private <T> T inTurn(String task, Turns.Work<T> work) {
        try {
            return turns.await(task, work);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Ends every task and takes the network away.
     *
     * @throws ProviderException when the engine does not do it: the next run will
     */
    @Override
    public void close() {
        closed = true;
        events.close();
        try {
            // In turn, so that what is just being started is ended too.
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                reserved.forEach(task -> threads.execute(() -> kill(task)));
            }
            sweep();
            network.remove();
        } finally {
            engine.close();
        }
    }
}
