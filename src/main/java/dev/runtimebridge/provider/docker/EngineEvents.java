package dev.runtimebridge.provider.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.EventType;

import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.ProviderException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.Closeable;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Listens to what the engine tells of our containers, and goes on when it comes back. */
final class EngineEvents implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EngineEvents.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** The engine says nothing for as long as nothing happens. */
    private static final Duration SILENCE = Duration.ZERO;

    private final Engine engine;
    private final Names names;
    private final Consumer<ContainerRef> changed;
    private final Runnable listens;
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * Begins to listen.
     *
     * @param changed told which container started, ended or lost a program to its memory limit
     * @param listens told each time that from now on nothing is missed; what happened before may be
     */
    EngineEvents(URI host, Names names, Consumer<ContainerRef> changed, Runnable listens) {
        this.engine = Engine.at(host, SILENCE);
        this.names = names;
        this.changed = changed;
        this.listens = listens;
        Thread.ofVirtual().name("docker-events").start(this::listen);
    }

    private void listen() {
        try {
            do {
                listenOnce();
            } while (!closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void listenOnce() throws InterruptedException {
        try {
            var heard =
                    engine.call(
                            "listen to events",
                            docker ->
                                    docker.eventsCmd()
                                            .withEventTypeFilter(EventType.CONTAINER)
                                            .withEventFilter("start", "die", "oom")
                                            .withLabelFilter(names.mark())
                                            .exec(new Heard()));
            heard.awaitCompletion();
        } catch (ProviderException e) {
            LOG.debug("no events for now: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.debug("the engine's events ended: {}", e.toString());
        }
    }

    @Override
    public void close() {
        closed.countDown();
        engine.close();
    }

    private final class Heard extends ResultCallback.Adapter<Event> {
        @Override
        public void onStart(Closeable stream) {
            super.onStart(stream);
            listens.run();
        }

        @Override
        public void onNext(Event event) {
            var actor = event.getActor();
            var attributes = actor == null ? null : actor.getAttributes();
            var ref = attributes == null ? null : attributes.get(Names.REF);
            if (ref != null) {
                changed.accept(new ContainerRef(ref));
            }
        }
    }
}
