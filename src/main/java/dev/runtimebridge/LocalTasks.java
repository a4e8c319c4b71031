package dev.runtimebridge;

import dev.runtimebridge.emulator.region.EmulatedClock;
import dev.runtimebridge.emulator.region.TaskRunner;
import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.Observation;
import dev.runtimebridge.provider.ProviderException;
import dev.runtimebridge.provider.local.LocalProvider;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs emulated tasks as real agents on this machine, each with an address and a boundary of its
 * own. What a task's definition and overrides say reaches the agent; where it lives does not, that
 * is this machine's business.
 */
final class LocalTasks implements TaskRunner, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalTasks.class);
    private static final Duration LONGEST_PING = Duration.ofSeconds(10);
    private static final Duration BETWEEN_PINGS = Duration.ofMillis(20);
    private static final int OK = 200;
    private static final int ENDED_BY_ITSELF = 1;
    private static final int ENDED_AS_TOLD = 0;

    /** A task's environment may say this of its agent; all else is settled here. */
    private static final Set<String> PASSED_ON =
            Set.of(
                    "AGENT_BRIDGE_KEY",
                    "AGENT_BRIDGE_URL",
                    "AGENT_SOURCE_URL",
                    "ALLOWED_ORIGINS",
                    "ECS_CONTAINER_METADATA_URI_V4");

    private final LocalProvider provider;
    private final int agentPort;
    private final EmulatedClock clock;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<ContainerRef, Watcher> watched = new ConcurrentHashMap<>();

    /**
     * Ends what an earlier emulator left, whose tasks nobody remembers.
     *
     * @param agentPort the only one that a task can have
     * @param clock the emulator's
     */
    LocalTasks(LocalProvider provider, int agentPort, EmulatedClock clock) {
        this.provider = provider;
        this.agentPort = agentPort;
        this.clock = clock;
        provider.owned().forEach(ref -> provider.stop(ref, "its emulator has ended"));
        provider.onChange(this::look);
    }

    @Override
    public Place reserve(String taskId, boolean publicIp) {
        try {
            var address = provider.reserve(ref(taskId));
            if (address.port() != agentPort) {
                throw new IllegalStateException(
                        "a task needs an address of its own with port "
                                + agentPort
                                + ", and this machine has none to give");
            }
            return new Place(address.ip(), publicIp ? address.ip() : "");
        } catch (ProviderException e) {
            throw new IllegalStateException(e.why().detail(), e);
        }
    }

    @Override
    public void start(Container container, Watcher watcher) {
        var environment = new HashMap<String, String>();
        PASSED_ON.forEach(
                name -> environment.put(name, container.environment().getOrDefault(name, "")));
        // A task learns who it is from its metadata.
        environment.put("AGENT_CONTAINER", "");
        var ref = ref(container.id());
        watched.put(ref, watcher);
        try {
            provider.start(ref, environment);
        } catch (ProviderException e) {
            watched.remove(ref);
            throw new IllegalStateException(e.why().detail(), e);
        }
        Thread.ofVirtual().name("answers " + ref).start(() -> awaitAnswer(ref, container.place()));
    }

    /** An agent takes its port before it can answer: its first answer is what counts. */
    private void awaitAnswer(ContainerRef ref, Place place) {
        var url = URI.create("http://" + place.privateIp() + ":" + agentPort + "/ping");
        var ping = HttpRequest.newBuilder(url).timeout(LONGEST_PING).build();
        try {
            while (!answers(ping)) {
                if (!watched.containsKey(ref)) {
                    return;
                }
                Thread.sleep(BETWEEN_PINGS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        var watcher = watched.get(ref);
        if (watcher != null) {
            watcher.answers(clock.instant());
        }
    }

    private boolean answers(HttpRequest ping) throws InterruptedException {
        try {
            return http.send(ping, HttpResponse.BodyHandlers.discarding()).statusCode() == OK;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void terminate(String taskId) {
        try {
            provider.terminate(ref(taskId));
        } catch (ProviderException e) {
            LOG.warn("{} could not be asked to end: {}", taskId, e.getMessage());
        }
    }

    @Override
    public void kill(String taskId) {
        end(ref(taskId), "its task has stopped", ENDED_AS_TOLD);
    }

    /** Ends every agent. */
    @Override
    public void close() {
        for (var ref : List.copyOf(provider.owned())) {
            end(ref, "the emulator ends", ENDED_AS_TOLD);
        }
        http.shutdownNow();
    }

    private void end(ContainerRef ref, String why, int status) {
        try {
            provider.stop(ref, why);
        } catch (ProviderException e) {
            LOG.warn("{} could not be ended: {}", ref, e.getMessage());
            return;
        }
        exited(ref, status);
    }

    /** A hint that a container changed: it may be over. */
    private void look(ContainerRef ref) {
        Thread.ofVirtual()
                .start(
                        () -> {
                            if (watched.containsKey(ref)
                                    && provider.observe(List.of(ref)).get(ref)
                                            instanceof Observation.Gone(var cause)) {
                                LOG.info("{} has ended: {}", ref, cause.detail());
                                exited(
                                        ref,
                                        cause.kind() == Cause.Kind.STOPPED
                                                ? ENDED_AS_TOLD
                                                : ENDED_BY_ITSELF);
                            }
                        });
    }

    private void exited(ContainerRef ref, int status) {
        var watcher = watched.remove(ref);
        if (watcher != null) {
            watcher.exited(status, "");
        }
    }

    /** The local provider's names have this form. */
    private static ContainerRef ref(String taskId) {
        return new ContainerRef("local-" + taskId + "-0");
    }
}
