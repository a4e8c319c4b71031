package dev.runtimebridge;

import dev.runtimebridge.agent.HttpAgentClient;
import dev.runtimebridge.allocation.EndReason;
import dev.runtimebridge.allocation.StoreUnavailable;
import dev.runtimebridge.auth.TokenVerification;
import dev.runtimebridge.catalog.Catalog;
import dev.runtimebridge.catalog.CatalogAdmin;
import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.catalog.ImageChange;
import dev.runtimebridge.fleet.FleetController;
import dev.runtimebridge.fleet.FleetLoop;
import dev.runtimebridge.fleet.FleetStore;
import dev.runtimebridge.gateway.LiveContainers;
import dev.runtimebridge.http.ApiServer;
import dev.runtimebridge.launch.ClaimStore;
import dev.runtimebridge.launch.Claimer;
import dev.runtimebridge.launch.Waiting;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.Provider;
import dev.runtimebridge.provider.ProviderException;
import dev.runtimebridge.store.Database;
import dev.runtimebridge.upkeep.OrphanSweep;
import dev.runtimebridge.upkeep.Periodic;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntConsumer;

/** A bridge that was put together by {@link Wiring}: starts and stops its parts in order. */
final class Bridge implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Bridge.class);
    private static final Duration LOOK_AT_RUNNING = Duration.ofSeconds(5);
    private static final Duration LOOK_AT_CATALOG = Duration.ofSeconds(5);
    private static final Duration LOOK_FOR_GATEWAY = Duration.ofMillis(100);
    private static final Duration LOOK_FOR_ORPHANS = Duration.ofSeconds(20);
    private static final Duration POLL_AS_HOLDER = Duration.ofSeconds(1);
    private static final Duration LONGEST_FIRST_LOOK = Duration.ofSeconds(2);
    private static final int OBSERVED_TOGETHER = 100;

    private final Parts parts;
    private final List<Periodic> periodics = new ArrayList<>();

    /**
     * What a bridge is made of.
     *
     * @param written released after every pass of the loop that was written
     * @param live what the gateway decides by, where there is one
     */
    record Parts(
            Database database,
            ClaimStore claims,
            FleetStore fleetStore,
            Catalog catalog,
            CatalogAdmin catalogAdmin,
            Claimer claimer,
            Waiting waiting,
            Provider provider,
            HttpAgentClient agents,
            FleetController controller,
            FleetLoop loop,
            TokenVerification tokens,
            ApiServer server,
            Duration pollEvery,
            Semaphore written,
            Optional<LiveContainers> live,
            InstantSource clock) {}

    Bridge(Parts parts) {
        this.parts = parts;
    }

    /**
     * Migrates the database, listens, starts the loops, and answers once they have looked at what
     * an earlier bridge left.
     *
     * @param listens told the port before anything is started that calls it
     * @return the port it listens on
     * @throws java.io.UncheckedIOException when it cannot listen there
     */
    int start(String host, int port, IntConsumer listens) {
        parts.database().migrate();
        var warmUp =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    parts.tokens().warmUp();
                                    parts.agents().warmUp();
                                });
        parts.live().ifPresent(LiveContainers::catchUp);
        int bound = parts.server().listen(host, port);
        listens.accept(bound);
        parts.provider().onChange(parts.controller()::look);
        parts.loop().start();
        lookFirst(warmUp);
        parts.server().answer();
        var orphans = new OrphanSweep(parts.fleetStore(), parts.provider(), parts.clock());
        periodics.add(
                new Periodic(
                        "the look at other bridges' work", this::pollPause, parts.waiting()::poll));
        parts.live()
                .ifPresent(
                        live ->
                                periodics.add(
                                        new Periodic(
                                                "the look at containers for the gateway",
                                                () -> LOOK_FOR_GATEWAY,
                                                live::catchUp)));
        periodics.add(
                new Periodic(
                        "the look at the catalogue",
                        () -> LOOK_AT_CATALOG,
                        parts.catalog()::refresh));
        periodics.add(
                new Periodic(
                        "the look at running containers",
                        () -> LOOK_AT_RUNNING,
                        this::lookAtRunning));
        periodics.add(
                new Periodic(
                        "the look for orphans",
                        () -> LOOK_FOR_ORPHANS,
                        () -> parts.loop().lease().ifPresent(orphans::run)));
        return bound;
    }

    /**
     * A thousand users who come again at once would take the cores from what they all wait for: the
     * loop's first calls are made before anybody is answered.
     */
    private void lookFirst(Thread warmUp) {
        try {
            warmUp.join();
            parts.loop().awaitFirstTurn(LONGEST_FIRST_LOOK);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration pollPause() {
        return parts.loop().lease().isPresent() ? POLL_AS_HOLDER : parts.pollEvery();
    }

    private void lookAtRunning() {
        if (parts.loop().lease().isEmpty()) {
            return;
        }
        var refs = parts.fleetStore().running();
        var together = new ArrayList<Collection<ContainerRef>>();
        for (int from = 0; from < refs.size(); from += OBSERVED_TOGETHER) {
            together.add(refs.subList(from, Math.min(refs.size(), from + OBSERVED_TOGETHER)));
        }
        parts.controller().sweep(together);
    }

    /** Changes the catalogue's images; what is to be changed of one may be nothing. */
    void change(Function<Image, Optional<ImageChange>> changes) {
        for (var entry : parts.catalogAdmin().entries()) {
            changes.apply(entry.image())
                    .ifPresent(
                            change ->
                                    parts.catalogAdmin()
                                            .change(entry.id(), change, OptionalLong.empty()));
        }
    }

    /**
     * Says that no container which the database takes for live is there any more. The loop looks at
     * them at once and closes them.
     */
    void nothingIsLeft(String why) {
        for (var container : parts.fleetStore().live(parts.provider().name())) {
            container
                    .ref()
                    .ifPresent(
                            ref -> {
                                parts.provider().stop(ref, why);
                                parts.controller().look(ref);
                            });
        }
    }

    /**
     * Ends every allocation and every container: for a bridge that takes what it runs along when it
     * goes.
     *
     * @return whether all were gone in time
     */
    boolean endEverything(Duration most) throws InterruptedException {
        var deadline = parts.clock().instant().plus(most);
        parts.written().drainPermits();
        parts.controller().drain();
        try {
            var why = new EndReason(EndReason.Code.BRIDGE_STOPPED, "the bridge was stopped");
            for (var id : parts.claims().allLive()) {
                parts.claims().startEnding(id, why, parts.clock().instant());
            }
            while (!parts.fleetStore().live(parts.provider().name()).isEmpty()) {
                parts.loop().wake();
                var left = Duration.between(parts.clock().instant(), deadline);
                if (!left.isPositive()) {
                    break;
                }
                boolean written =
                        parts.written()
                                .tryAcquire(
                                        Math.min(left.toMillis(), 1_000), TimeUnit.MILLISECONDS);
                LOG.debug("waiting for the last containers, something was written: {}", written);
            }
        } catch (StoreUnavailable e) {
            LOG.warn("the database cannot be told that everything ends: {}", e.getMessage());
        }
        if (!stopWhatIsLeft()) {
            return false;
        }
        parts.provider().retire();
        return true;
    }

    private boolean stopWhatIsLeft() {
        boolean all = true;
        for (var ref : parts.provider().owned()) {
            try {
                parts.provider().stop(ref, "the bridge was stopped");
            } catch (ProviderException e) {
                LOG.error("{} could not be stopped: {}", ref, e.why().detail());
                all = false;
            }
        }
        return all;
    }

    /** Lets requests finish, then the pass that is under way; containers go on. */
    @Override
    public void close() {
        parts.server().close();
        periodics.forEach(Periodic::close);
        parts.loop().close();
        parts.claimer().close();
        parts.agents().close();
        parts.tokens().close();
        parts.database().close();
    }
}
