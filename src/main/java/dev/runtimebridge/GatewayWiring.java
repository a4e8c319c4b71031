package dev.runtimebridge;

import dev.runtimebridge.allocation.Ids;
import dev.runtimebridge.auth.TokenVerifier;
import dev.runtimebridge.config.Settings;
import dev.runtimebridge.gateway.Gatekeeper;
import dev.runtimebridge.gateway.GatewayLinks;
import dev.runtimebridge.gateway.GatewaySettings;
import dev.runtimebridge.gateway.LiveContainers;
import dev.runtimebridge.gateway.NginxConfiguration;
import dev.runtimebridge.gateway.RecentShares;
import dev.runtimebridge.http.GatewayParts;
import dev.runtimebridge.secret.Assertions;
import dev.runtimebridge.secret.DerivedKeys;
import dev.runtimebridge.secret.GatewayPasses;
import dev.runtimebridge.store.Database;
import dev.runtimebridge.store.SqlGateway;
import dev.runtimebridge.store.SqlLive;
import dev.runtimebridge.store.SqlShares;

import java.time.Duration;
import java.time.InstantSource;

/** Puts the bridge's part of a gateway together. */
final class GatewayWiring {
    /** What is known of containers stands this long without the database. */
    private static final Duration WITHOUT_DATABASE = Duration.ofSeconds(30);

    private static final Duration REPORT_EVERY = Duration.ofSeconds(10);

    private GatewayWiring() {}

    /** The memory, and what the API needs of it. */
    record Made(LiveContainers live, GatewayParts parts) {}

    static Made make(
            GatewaySettings gateway,
            Settings settings,
            Database database,
            TokenVerifier tokens,
            Ids ids,
            InstantSource clock) {
        var keys = keys(settings);
        var live = new LiveContainers(new SqlLive(database), clock, WITHOUT_DATABASE);
        var passes = new GatewayPasses(keys, clock);
        var shareStore = new SqlShares(database);
        var shares = new RecentShares(shareStore, clock);
        var kept = new SqlGateway(database, clock);
        var assertions = new Assertions(settings.secrets().bridgeKey().privateKey(), clock);
        return new Made(
                live,
                new GatewayParts(
                        new Gatekeeper(live, tokens, passes, shares, assertions),
                        kept,
                        new GatewayLinks(gateway, passes, kept, shares, live, ids, clock),
                        shareStore,
                        ids,
                        keys.gatewayKey(),
                        nginx(gateway, settings),
                        clock));
    }

    /** The configuration of NGINX that fits a bridge of these settings. */
    static NginxConfiguration nginx(GatewaySettings gateway, Settings settings) {
        return new NginxConfiguration(
                gateway,
                keys(settings).gatewayKey(),
                settings.http().allowedOrigins(),
                settings.http().trustedProxies(),
                settings.launch().patience(),
                REPORT_EVERY,
                settings.debug());
    }

    private static DerivedKeys keys(Settings settings) {
        return new DerivedKeys(settings.secrets().apiKeyMaster().reveal());
    }
}
