package dev.runtimebridge.bench;

import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.provider.Batch;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.Observation;
import dev.runtimebridge.provider.Provider;
import dev.runtimebridge.provider.Started;
import dev.runtimebridge.provider.Workspace;
import dev.runtimebridge.testing.FakeProvider;
import dev.runtimebridge.testing.StubAgents;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The fake provider with stub agents, which can answer a while after their start and then call home
 * as real ones do; notes when each could answer.
 */
final class CallingHome implements Provider, AutoCloseable {
    private final StubAgents agents = new StubAgents();
    private final FakeProvider fake = new FakeProvider(InstantSource.system(), agents);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Map<String, Instant> couldAnswerAt = new ConcurrentHashMap<>();
    private final Duration startTakes;
    private volatile boolean callsHome;
    private volatile URI bridge = URI.create("http://127.0.0.1:1");

    CallingHome(Duration startTakes) {
        this.startTakes = startTakes;
        fake.startsTake(startTakes);
    }

    void bridge(URI url) {
        bridge = url;
    }

    void callsHome(boolean does) {
        callsHome = does;
    }

    /** When the agent at this address could answer for the first time. */
    Instant couldAnswer(String ip) {
        return couldAnswerAt.get(ip);
    }

    @Override
    public List<Started> start(Batch batch) {
        var started = fake.start(batch);
        for (var each : started) {
            if (each instanceof Started.Accepted(var ref)) {
                timer.schedule(() -> up(ref), startTakes.toNanos(), TimeUnit.NANOSECONDS);
            }
        }
        return started;
    }

    /** Looking makes the fake open the agent's port. */
    private void up(ContainerRef ref) {
        if (fake.observe(Set.of(ref)).get(ref) instanceof Observation.Reachable(var address, _)) {
            couldAnswerAt.put(address.ip(), Instant.now());
            if (callsHome) {
                Thread.ofVirtual().start(() -> callHome(ref));
            }
        }
    }

    private void callHome(ContainerRef ref) {
        try {
            agents.of(ref).callHome(bridge);
        } catch (IOException e) {
            System.err.println(ref + " could not call home: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String name() {
        return fake.name();
    }

    @Override
    public boolean offers(Image image) {
        return fake.offers(image);
    }

    @Override
    public Map<ContainerRef, Observation> observe(Collection<ContainerRef> refs) {
        return fake.observe(refs);
    }

    @Override
    public void attach(ContainerRef ref, Workspace workspace) {
        fake.attach(ref, workspace);
    }

    @Override
    public void stop(ContainerRef ref, String why) {
        fake.stop(ref, why);
    }

    @Override
    public List<ContainerRef> owned() {
        return fake.owned();
    }

    @Override
    public void onChange(Listener listener) {
        fake.onChange(listener);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        agents.close();
    }
}
