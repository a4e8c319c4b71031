package dev.runtimebridge.config;

import dev.runtimebridge.fleet.FleetSettings;
import dev.runtimebridge.launch.LaunchSettings;
import dev.runtimebridge.secret.Secret;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** Turns configuration into settings. */
public final class Config {
    private Config() {}

    /** Reads the settings; {@link Environment} and {@link Development} give the values. */
    public static Configuration read(Map<String, String> values) {
        var reading = new Reading(values);
        var http = http(reading);
        var provider = provider(reading);
        var database = database(reading);
        var launch = launch(reading);
        var fleet = fleet(reading);
        var auth = AuthConfig.read(reading);
        var gateway = GatewayConfig.read(reading);
        var secrets = secrets(reading);
        var debug = reading.withDefault(Keys.DEBUG);
        if (!reading.faults().isEmpty()) {
            return new Configuration.Faulty(reading.faults());
        }
        return new Configuration.Ready(
                new Settings(
                        http.get(),
                        database.get(),
                        auth.get(),
                        launch.get(),
                        fleet.get(),
                        provider.get(),
                        gateway.get(),
                        secrets.get(),
                        debug.get()));
    }

    private static Supplier<HttpSettings> http(Reading reading) {
        var address = reading.withDefault(Keys.BIND_ADDRESS);
        var port = reading.withDefault(Keys.PORT);
        var idle = reading.withDefault(Keys.IDLE_TIMEOUT);
        var proxies = reading.optional(Keys.TRUSTED_PROXIES);
        var agentBridgeUrl = reading.optional(Keys.AGENT_BRIDGE_URL);
        var origins = reading.optional(Keys.ALLOWED_ORIGINS);
        var adminRole = reading.withDefault(UserKeys.ADMIN_ROLE);
        return () ->
                new HttpSettings(
                        address.get(),
                        port.get(),
                        idle.get(),
                        proxies.orElse(List.of()),
                        agentBridgeUrl,
                        origins.orElse(List.of()),
                        adminRole.get());
    }

    private static Supplier<ProviderSettings> provider(Reading reading) {
        var agentPort = reading.withDefault(Keys.AGENT_PORT);
        boolean local = reading.optional(Keys.LOCAL_CONTAINER).orElse(false);
        if (!local) {
            reading.required(Keys.PROVIDER, "where do containers run?");
        }
        if (reading.optional(Keys.PROVIDER).equals(Optional.of(Keys.ProviderName.FARGATE))) {
            var fargate = FargateConfig.read(reading);
            return () -> new ProviderSettings.Fargate(fargate.get(), agentPort.get());
        }
        if (reading.optional(Keys.PROVIDER).equals(Optional.of(Keys.ProviderName.DOCKER))) {
            return docker(reading, agentPort);
        }
        var folder = reading.withDefault(Keys.DATA_DIR);
        return () -> new ProviderSettings.Local(folder.get(), agentPort.get());
    }

    private static Supplier<ProviderSettings> docker(Reading reading, Supplier<Integer> agentPort) {
        var host = reading.withDefault(DockerKeys.DOCKER_HOST);
        var installation = FargateConfig.installation(reading);
        var helper = reading.withDefault(DockerKeys.DOCKER_HELPER_IMAGE);
        var subnet = reading.optional(DockerKeys.DOCKER_SUBNET);
        return () ->
                new ProviderSettings.Docker(
                        host.get(), installation.get(), helper.get(), subnet, agentPort.get());
    }

    private static Supplier<DatabaseSettings> database(Reading reading) {
        var poolSize = reading.withDefault(Keys.DB_POOL_SIZE);
        var folder = reading.withDefault(Keys.DATA_DIR);
        return switch (reading.optional(Keys.DATABASE).orElse(Keys.DatabaseName.H2)) {
            case H2 -> () -> new DatabaseSettings.Embedded(folder.get(), poolSize.get());
            case MYSQL -> mySql(reading, poolSize);
        };
    }

    private static Supplier<DatabaseSettings> mySql(Reading reading, Supplier<Integer> poolSize) {
        var why = "DATABASE is mysql";
        var host = reading.required(Keys.DB_URI, why);
        var port = reading.withDefault(Keys.DB_PORT);
        var database = reading.required(Keys.DB_DATABASE, why);
        var user = reading.required(Keys.DB_USER, why);
        var password = reading.optional(Keys.DB_PASSWORD);
        return () ->
                new DatabaseSettings.MySql(
                        host.get(),
                        port.get(),
                        database.get(),
                        user.get(),
                        password.orElse(new Secret("")),
                        poolSize.get());
    }

    private static Supplier<LaunchSettings> launch(Reading reading) {
        var patience = reading.withDefault(Keys.PATIENCE);
        var mostPerUser = reading.withDefault(Keys.MAX_CONTAINERS_PER_USER);
        var mostWaiting = reading.withDefault(Keys.MAX_WAITING_PER_USER);
        var pollInterval = reading.withDefault(Keys.POLL_INTERVAL);
        return () ->
                new LaunchSettings(
                        patience.get(), mostPerUser.get(), mostWaiting.get(), pollInterval.get());
    }

    private static Supplier<FleetSettings> fleet(Reading reading) {
        var name = reading.optional(Keys.BRIDGE_NAME);
        var port = reading.withDefault(Keys.PORT);
        var leaseTtl = reading.withDefault(Keys.LEASE_TTL);
        var pollInterval = reading.withDefault(Keys.CONTAINER_POLL_INTERVAL);
        var surplusAfter = reading.withDefault(Keys.SURPLUS_KEPT_FOR);
        var startDeadline = reading.withDefault(Keys.CONTAINER_START_DEADLINE);
        var launchDeadline = reading.withDefault(Keys.LAUNCH_DEADLINE);
        var busyLimit = reading.withDefault(Keys.CONTAINER_START_LIMIT);
        return () ->
                new FleetSettings(
                        name.orElseGet(() -> hostName() + ":" + door(port.get())),
                        leaseTtl.get(),
                        pollInterval.get(),
                        startDeadline.get(),
                        launchDeadline.get(),
                        busyLimit.get(),
                        surplusAfter.get());
    }

    /** What no other bridge on this host can have at the same time. */
    private static String door(int port) {
        return port == 0 ? "pid " + ProcessHandle.current().pid() : Integer.toString(port);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // No two bridges may have one name, and every host has this one.
            return "localhost-" + UUID.randomUUID();
        }
    }

    private static Supplier<Secrets> secrets(Reading reading) {
        var why = "`./bridge keys` makes a set";
        var sealing = reading.required(Keys.SEALING_KEYS, why);
        var master = reading.required(Keys.API_KEY_MASTER, why);
        var bridgeKey = reading.required(Keys.BRIDGE_SIGNING_KEY, why);
        return () -> new Secrets(sealing.get(), master.get(), bridgeKey.get());
    }
}
