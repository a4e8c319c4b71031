package dev.runtimebridge;

import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.auth.TokenMinter;
import dev.runtimebridge.config.Config;
import dev.runtimebridge.config.Configuration;
import dev.runtimebridge.config.Development;
import dev.runtimebridge.config.KeyMaterial;
import dev.runtimebridge.config.Settings;
import dev.runtimebridge.emulator.script.Scenario;
import dev.runtimebridge.telemetry.Logging;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Lives through what a busy bridge lives through, so that a JVM that watches can write its cache of
 * classes and of what the compilers learned: bursts of launches on an emulated Fargate, with the
 * real SDK and agents over real HTTP, and then launches of what is there already.
 */
final class ServerTraining {
    private static final int BURSTS = 40;

    /**
     * What the compilers know is kept only of methods that ran often: after 8 s of load a server
     * with the cache was no faster than one without, after 200,000 launches it reached full speed
     * in half the time.
     */
    private static final int LAUNCHES = 200_000;

    private static final Duration AT_MOST = Duration.ofMinutes(3);
    private static final int AGENT_PORT = 8000;

    /** Tasks come up in tenths of seconds, and quotas hold nobody up for long. */
    private static final String QUICK = "scale: 10";

    private static final InstantSource CLOCK = InstantSource.system();

    private final String searchPath;

    /**
     * @param searchPath where programs are looked for, as {@code PATH} has it
     */
    ServerTraining(String searchPath) {
        this.searchPath = searchPath;
    }

    /**
     * Trains, in an empty folder.
     *
     * @return how many launches there were
     * @throws IOException when the folder cannot be used
     * @throws IllegalStateException when the bridge answers otherwise than it should
     */
    int run(Path folder) throws IOException, InterruptedException {
        var keys = KeyMaterial.readOrCreate(folder, new SecureRandom());
        Logging.toFolder(folder, false);
        try (var account = EmulatedAccount.withStubs(Scenario.usual().with(QUICK), 0, AGENT_PORT)) {
            var values = new HashMap<>(Development.values(Map.of(), folder, 0, keys));
            values.putAll(account.settings(AGENT_PORT));
            return train(settings(values), new TokenMinter(keys.jwtSecret(), CLOCK));
        }
    }

    private int train(Settings settings, TokenMinter minter)
            throws IOException, InterruptedException {
        var wiring = new Wiring(settings, searchPath);
        var url = new AtomicReference<>(settings.http().agentBridgeUrl(settings.http().port()));
        try (var bridge = wiring.bridge(wiring.provider(url::get))) {
            int port =
                    bridge.start(
                            settings.http().bindAddress(),
                            settings.http().port(),
                            bound -> url.set(settings.http().agentBridgeUrl(bound)));
            var here = URI.create("http://127.0.0.1:" + port);
            try (var load =
                    new TrainingLoad(
                            here,
                            user -> token(minter, user, Set.of()),
                            token(minter, "administrator", Set.of(settings.http().adminRole())))) {
                return load.run(BURSTS, LAUNCHES, AT_MOST);
            }
        }
    }

    private static String token(TokenMinter minter, String user, Set<String> roles) {
        return minter.mint(
                        new UserId(user),
                        Optional.of(user + "@example.org"),
                        roles,
                        Duration.ofHours(1))
                .reveal();
    }

    private static Settings settings(Map<String, String> values) {
        return switch (Config.read(values)) {
            case Configuration.Ready(var settings) -> settings;
            case Configuration.Faulty(var faults) ->
                    throw new IllegalStateException(String.join("; ", faults));
        };
    }
}
