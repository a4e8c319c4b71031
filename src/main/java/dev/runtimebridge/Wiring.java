package dev.runtimebridge;

import dev.runtimebridge.agent.HttpAgentClient;
import dev.runtimebridge.allocation.Ids;
import dev.runtimebridge.allocation.StoreUnavailable;
import dev.runtimebridge.auth.TokenVerification;
import dev.runtimebridge.catalog.Catalog;
import dev.runtimebridge.catalog.CatalogAdmin;
import dev.runtimebridge.config.DatabaseSettings;
import dev.runtimebridge.config.ProviderSettings;
import dev.runtimebridge.config.Settings;
import dev.runtimebridge.fleet.Calls;
import dev.runtimebridge.fleet.FleetController;
import dev.runtimebridge.fleet.FleetLoop;
import dev.runtimebridge.http.ApiServer;
import dev.runtimebridge.http.ApiSettings;
import dev.runtimebridge.http.Collaborators;
import dev.runtimebridge.http.Readiness;
import dev.runtimebridge.launch.Allocations;
import dev.runtimebridge.launch.Claim;
import dev.runtimebridge.launch.Claimer;
import dev.runtimebridge.launch.LaunchService;
import dev.runtimebridge.launch.Waiting;
import dev.runtimebridge.secret.ApiKeys;
import dev.runtimebridge.secret.BridgeProof;
import dev.runtimebridge.secret.Sealer;
import dev.runtimebridge.store.Database;
import dev.runtimebridge.store.SqlAgents;
import dev.runtimebridge.store.SqlClaims;
import dev.runtimebridge.store.SqlFleet;
import dev.runtimebridge.store.SqlImages;
import dev.runtimebridge.store.SqlLease;

import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** Puts a bridge together. The only place where adapters are constructed. */
final class Wiring {
    private static final Duration PING_LIMIT = Duration.ofSeconds(2);
    private static final Duration INIT_LIMIT = Duration.ofSeconds(10);

    private final Settings settings;
    private final String searchPath;
    private final SecureRandom random = new SecureRandom();
    private final Ids ids = new Ids(random);
    private final InstantSource clock = new SteadyClock(InstantSource.system());

    /**
     * Wires by the settings.
     *
     * @param searchPath where programs are looked for, as {@code PATH} has it
     */
    Wiring(Settings settings, String searchPath) {
        this.settings = settings;
        this.searchPath = searchPath;
    }

    /**
     * A bridge that is ready to be started.
     *
     * @throws dev.runtimebridge.store.DatabaseUnusable when the database cannot be used at all
     */
    Bridge bridge(ProviderInUse used) {
        var provider = used.provider();
        var database = database(settings.database());
        var claims = new SqlClaims(database);
        var fleetStore = new SqlFleet(database);
        var images = new SqlImages(database);
        var catalog = new Catalog(images, provider::offers);
        var catalogAdmin = new CatalogAdmin(images, catalog);
        var secrets = settings.secrets();
        var keys = new ApiKeys(secrets.apiKeyMaster().reveal());
        var sealer = new Sealer(secrets.sealing().first(), secrets.sealing().reveal(), random);
        var agents =
                new HttpAgentClient(
                        new BridgeProof(secrets.bridgeKey().privateKey(), clock),
                        PING_LIMIT,
                        INIT_LIMIT,
                        !(settings.provider() instanceof ProviderSettings.Fargate));
        var tokens = new TokenVerification(settings.auth(), clock);
        var waiting = new Waiting(claims);
        var written = new Semaphore(0);
        var waker = new Waker();
        var fleetSettings = settings.fleet();
        var controller =
                new FleetController(
                        fleetStore,
                        provider,
                        agents,
                        catalog::image,
                        keys,
                        sealer,
                        ids,
                        clock,
                        fleetSettings,
                        Calls.onThreads(),
                        told -> {
                            waiting.progressed(told.progressed());
                            told.settled()
                                    .forEach(
                                            each ->
                                                    waiting.settled(
                                                            new Claim(
                                                                    each.allocation(),
                                                                    each.address())));
                            written.release();
                        },
                        waker::nudge);
        var loop = new FleetLoop(controller, new SqlLease(database), fleetSettings, clock);
        waker.wakes(loop);
        var claimer = new Claimer(claims, settings.launch().mostPerUser());
        var launches =
                new LaunchService(
                        claims,
                        claimer,
                        catalog,
                        waiting,
                        waker,
                        ids,
                        clock,
                        settings.launch(),
                        random);
        var gateway =
                settings.gateway()
                        .map(
                                there ->
                                        GatewayWiring.make(
                                                there, settings, database, tokens, ids, clock));
        var server =
                new ApiServer(
                        new Collaborators(
                                launches,
                                new Allocations(claims, waiting, waker, clock),
                                catalog,
                                catalogAdmin,
                                tokens,
                                new SqlAgents(database),
                                (ref, ip) -> {
                                    if (loop.lease().isPresent()) {
                                        controller.calledHome(ref, ip);
                                    }
                                },
                                login -> sealer.open(login.container().value(), login.auth()),
                                new CachedReadiness(
                                        () ->
                                                List.of(
                                                        databaseCheck(database),
                                                        loopCheck(loop),
                                                        providerCheck(used))),
                                gateway.map(GatewayWiring.Made::parts)),
                        ApiSettings.defaults(
                                settings.http().allowedOrigins(),
                                settings.http().trustedProxies(),
                                settings.http().adminRole(),
                                settings.launch().patience(),
                                settings.http().idleTimeout()),
                        used.agentDoor());
        return new Bridge(
                new Bridge.Parts(
                        database,
                        claims,
                        fleetStore,
                        catalog,
                        catalogAdmin,
                        claimer,
                        waiting,
                        provider,
                        agents,
                        controller,
                        loop,
                        tokens,
                        server,
                        settings.launch().pollEvery(),
                        written,
                        gateway.map(GatewayWiring.Made::live),
                        clock));
    }

    private static Readiness.Check loopCheck(FleetLoop loop) {
        return loop.alive()
                ? Readiness.Check.ready("loop")
                : Readiness.Check.notReady(
                        "loop", "the loop that starts containers has ended: restart the bridge");
    }

    /** Users who have containers are served without it. */
    private static Readiness.Check providerCheck(ProviderInUse used) {
        var name = used.provider().name();
        return used.trouble()
                .get()
                .map(why -> Readiness.Check.impaired(name, why))
                .orElseGet(() -> Readiness.Check.ready(name));
    }

    private static Readiness.Check databaseCheck(Database database) {
        try {
            database.ping();
            return Readiness.Check.ready("database");
        } catch (StoreUnavailable e) {
            return Readiness.Check.notReady("database", String.valueOf(e.getMessage()));
        }
    }

    /** Only the database, for {@code migrate}. */
    static Database database(DatabaseSettings settings) {
        var limits = dev.runtimebridge.store.DatabaseSettings.Limits.of(settings.poolSize());
        return new Database(
                switch (settings) {
                    case DatabaseSettings.Embedded(var folder, var size) ->
                            dev.runtimebridge.store.DatabaseSettings.embedded(folder, limits);
                    case DatabaseSettings.MySql my ->
                            dev.runtimebridge.store.DatabaseSettings.mySql(
                                    my.host(),
                                    my.port(),
                                    my.database(),
                                    my.user(),
                                    my.password(),
                                    limits);
                });
    }

    /**
     * The provider of the configuration.
     *
     * @param bridgeUrl where agents call home; asked for when a container starts
     * @throws IOException when its folder cannot be used
     */
    ProviderInUse provider(Supplier<URI> bridgeUrl) throws IOException {
        return new ProviderWiring(settings, searchPath, random, ids, clock).provider(bridgeUrl);
    }
}
