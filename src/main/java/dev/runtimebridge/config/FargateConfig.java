package dev.runtimebridge.config;

import dev.runtimebridge.provider.fargate.FargateSettings;
import dev.runtimebridge.provider.fargate.FargateSettings.AccessKey;
import dev.runtimebridge.provider.fargate.FargateSettings.Network;
import dev.runtimebridge.provider.fargate.FargateSettings.Reach;
import dev.runtimebridge.provider.fargate.Quotas;
import dev.runtimebridge.secret.BridgeKey;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Reads where tasks run. */
final class FargateConfig {
    private static final String WHY = "PROVIDER is fargate";

    /** An emulator here runs its tasks here. */
    private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "localhost", "[::1]");

    private static final int LENGTH_OF_A_MADE_NAME = 16;

    private FargateConfig() {}

    static Supplier<FargateSettings> read(Reading reading) {
        var cluster = reading.required(FargateKeys.CLUSTER_NAME, WHY);
        var region = reading.required(FargateKeys.AWS_REGION, WHY);
        var network = network(reading);
        var capacity = reading.withDefault(FargateKeys.CONTAINER_CAPACITY);
        var container = reading.optional(FargateKeys.TASK_CONTAINER);
        var installation = installation(reading);
        var queue = reading.optional(FargateKeys.EVENTS_QUEUE_URL);
        var endpoint = reading.optional(FargateKeys.AWS_ENDPOINT_URL);
        var accessKey = accessKey(reading);
        var timeout = reading.withDefault(FargateKeys.AWS_CALL_TIMEOUT);
        var quotas = quotas(reading);
        if (endpoint.map(URI::getHost).filter(THIS_MACHINE::contains).isEmpty()) {
            reading.required(
                    Keys.AGENT_BRIDGE_URL,
                    WHY + ", and its tasks cannot reach the bridge at 127.0.0.1");
        }
        return () ->
                new FargateSettings(
                        cluster.get(),
                        region.get(),
                        endpoint,
                        accessKey.get(),
                        network.get(),
                        capacity.get(),
                        installation.get(),
                        container,
                        queue,
                        timeout.get(),
                        quotas.get());
    }

    /** What marks that which this installation starts. */
    static Supplier<String> installation(Reading reading) {
        var named = reading.optional(FargateKeys.INSTALLATION_NAME);
        var bridgeKey = reading.required(Keys.BRIDGE_SIGNING_KEY, "`./bridge keys` makes a set");
        return () -> named.orElseGet(() -> nameOf(bridgeKey.get()));
    }

    private static Supplier<Network> network(Reading reading) {
        var subnets = reading.required(FargateKeys.CONTAINER_SUBNETS, WHY);
        var groups = reading.required(FargateKeys.CONTAINER_SECURITY_GROUP, WHY);
        var reach = reading.optional(FargateKeys.CONTAINER_ADDRESS).orElse(Reach.PRIVATE);
        boolean publicly = reach == Reach.PUBLIC;
        boolean assigned = reading.optional(FargateKeys.CONTAINER_PUBLIC_IP).orElse(publicly);
        if (publicly && !assigned) {
            reading.fault(
                    FargateKeys.CONTAINER_PUBLIC_IP,
                    "is false while CONTAINER_ADDRESS is public: there is no such address");
        }
        return () -> new Network(subnets.get(), groups.get(), assigned, reach);
    }

    private static Supplier<Optional<AccessKey>> accessKey(Reading reading) {
        var id = reading.optional(FargateKeys.AWS_ACCESS_KEY_ID);
        var token = reading.optional(FargateKeys.AWS_SESSION_TOKEN);
        if (id.isEmpty()) {
            return Optional::empty;
        }
        var secret =
                reading.required(FargateKeys.AWS_SECRET_ACCESS_KEY, "AWS_ACCESS_KEY_ID is set");
        return () -> Optional.of(new AccessKey(id.get(), secret.get(), token));
    }

    private static Supplier<Quotas> quotas(Reading reading) {
        var tasks = reading.withDefault(FargateKeys.QUOTA_TASKS);
        var spot = reading.withDefault(FargateKeys.QUOTA_SPOT_TASKS);
        var runTask = reading.withDefault(FargateKeys.QUOTA_RUN_TASK);
        var writes = reading.withDefault(FargateKeys.QUOTA_TASK_WRITES);
        var reads = reading.withDefault(FargateKeys.QUOTA_TASK_READS);
        var definitions = reading.withDefault(FargateKeys.QUOTA_DEFINITION_READS);
        var filtered = reading.withDefault(FargateKeys.QUOTA_INTERFACES_FILTERED);
        var interfaces = reading.withDefault(FargateKeys.QUOTA_INTERFACES);
        return () ->
                new Quotas(
                        tasks.get(),
                        spot.get(),
                        runTask.get(),
                        writes.get(),
                        reads.get(),
                        definitions.get(),
                        filtered.get(),
                        interfaces.get());
    }

    /** The same for all bridges that share a key, and tells nothing about it. */
    private static String nameOf(BridgeKey key) {
        try {
            var digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(key.forAgents().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, LENGTH_OF_A_MADE_NAME);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
