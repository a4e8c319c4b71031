package dev.runtimebridge.bench;

import dev.runtimebridge.BridgeInProcess;
import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.auth.TokenMinter;
import dev.runtimebridge.config.Config;
import dev.runtimebridge.config.Configuration;
import dev.runtimebridge.config.Development;
import dev.runtimebridge.config.KeyMaterial;
import dev.runtimebridge.secret.DerivedKeys;
import dev.runtimebridge.secret.GatewayPass;
import dev.runtimebridge.secret.GatewayPasses;
import dev.runtimebridge.secret.Secret;
import dev.runtimebridge.store.DatabaseSettings;
import dev.runtimebridge.telemetry.Logging;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A whole bridge with a gateway, by the flags that its image has, in a process of its own, to which
 * {@link StandingContainers} are known.
 */
final class StandingBridge implements AutoCloseable {
    /** Of one that it could have; none is started. */
    private static final int NO_GATEWAYS_PORT = 8443;

    private static final Duration LASTS = Duration.ofHours(1);

    private final Path folder;
    private final List<AllocationId> ids;
    private final TokenMinter tokens;
    private final GatewayPasses passes;
    private final Secret key;
    private final Process process;
    private final URI url;

    private StandingBridge(DatabaseSettings database, int containers) throws IOException {
        folder = Files.createTempDirectory("bench-standing-");
        Logging.toFolder(folder, false);
        var keys = KeyMaterial.readOrCreate(folder, new SecureRandom());
        var values =
                new HashMap<>(
                        Development.withGateway(
                                Development.values(Map.of(), folder, 0, keys), NO_GATEWAYS_PORT));
        values.putAll(RealBridge.values(database));
        var derived = derivedKeys(values);
        tokens = new TokenMinter(keys.jwtSecret(), InstantSource.system());
        passes = new GatewayPasses(derived, InstantSource.system());
        key = derived.gatewayKey();
        ids = StandingContainers.write(database, containers);
        var builder =
                new ProcessBuilder(
                                Command.first(
                                        Command.java(
                                                List.of("@deploy/jvm-flags"),
                                                StandingBridge.class,
                                                List.of(
                                                        folder.toString(),
                                                        Integer.toString(containers)))))
                        .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(values);
        process = builder.start();
        // Also when the benchmark is ended early.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        var ready = process.inputReader().readLine();
        if (ready == null) {
            close();
            throw new IllegalStateException("the bridge ended before it was ready");
        }
        url = URI.create(ready);
    }

    /** On an empty database. */
    static StandingBridge start(DatabaseSettings database, int containers) throws IOException {
        return new StandingBridge(database, containers);
    }

    /** Prints its address and runs until SIGTERM; its configuration is the environment. */
    public static void main(String[] arguments) throws IOException {
        Logging.toFolder(Path.of(arguments[0]), false);
        var provider = new StandingContainers(Integer.parseInt(arguments[1]));
        System.out.println(BridgeInProcess.start(System.getenv(), provider).url());
    }

    /** Those of the bridge that this is the configuration of. */
    static DerivedKeys derivedKeys(Map<String, String> values) {
        return switch (Config.read(values)) {
            case Configuration.Ready(var settings) ->
                    new DerivedKeys(settings.secrets().apiKeyMaster().reveal());
            case Configuration.Faulty(var faults) ->
                    throw new IllegalStateException(String.join("; ", faults));
        };
    }

    URI url(String path) {
        return url.resolve(path);
    }

    long pid() {
        return process.pid();
    }

    /** What a gateway shows. */
    Secret key() {
        return key;
    }

    /** The container of a user, by its allocation. */
    AllocationId container(int user) {
        return ids.get(user);
    }

    Secret token(int user) {
        return tokens.mint(user(user), Optional.empty(), Set.of(), LASTS);
    }

    /** A session that a link of this user's began. */
    Secret session(int user) {
        var until = Instant.now().plus(LASTS);
        return passes.write(
                new GatewayPass.Session(container(user), "bench-" + user, until, user(user)));
    }

    private static UserId user(int user) {
        return new UserId(Integer.toString(user));
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
        RealBridge.remove(folder);
    }
}
