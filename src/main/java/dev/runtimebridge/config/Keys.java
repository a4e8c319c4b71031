package dev.runtimebridge.config;

import dev.runtimebridge.secret.BridgeKey;
import dev.runtimebridge.secret.Secret;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every setting there is. */
final class Keys {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(1);

    enum ProviderName {
        LOCAL,
        DOCKER,
        FARGATE
    }

    enum DatabaseName {
        MYSQL,
        H2
    }

    static final Key<String> BIND_ADDRESS =
            Key.of(
                    "BIND_ADDRESS",
                    Kinds.text("an address or host name of this machine"),
                    "0.0.0.0",
                    "Address to listen on. `./bridge up` listens on 127.0.0.1 unless told"
                            + " otherwise.");
    static final Key<Integer> PORT =
            Key.of("PORT", Kinds.whole(0, 65535), "8080", "Port to listen on; 0 for any free one.");
    static final Key<Duration> IDLE_TIMEOUT =
            Key.of(
                    "IDLE_TIMEOUT",
                    Kinds.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
                    "30s",
                    "How long a connection without a request is kept. Behind a load balancer it"
                            + " must be longer than the balancer's own, or requests are lost on"
                            + " connections that close just then.");
    static final Key<List<String>> TRUSTED_PROXIES =
            Key.of(
                    "TRUSTED_PROXIES",
                    Kinds.networks(),
                    "Networks of the load balancers and gateways in front of the bridge, separated"
                            + " by commas: from their addresses alone X-Forwarded-For is believed,"
                            + " and only back to the first address that is none of theirs. The"
                            + " gateway goes by it too. By default none: who calls is who is"
                            + " connected.");
    static final Key<URI> AGENT_BRIDGE_URL =
            Key.of(
                    "AGENT_BRIDGE_URL",
                    Kinds.url(),
                    "Where agents call the bridge, as seen from inside of a container. By default"
                            + " http://127.0.0.1:<PORT>, which only local containers reach; with"
                            + " `docker` an address of the engine's machine on the containers'"
                            + " network, where the bridge then answers agents alone.");
    static final Key<List<String>> ALLOWED_ORIGINS =
            Key.of(
                    "ALLOWED_ORIGINS",
                    Kinds.origins(),
                    "Origins of the web IDEs that may call the bridge and open terminals, separated"
                            + " by commas. By default none: only the bridge's own pages.");
    static final Key<Boolean> DEBUG = Key.of("DEBUG", Kinds.flag(), "false", "Log in detail.");

    static final Key<ProviderName> PROVIDER =
            Key.of(
                    "PROVIDER",
                    Kinds.oneOf(ProviderName.class),
                    "Where containers run. `local`: as processes of this machine. `docker`: as"
                            + " containers of a Docker engine. `fargate`: as tasks on AWS Fargate."
                            + " Required, unless LOCAL_CONTAINER says it.");
    static final Key<Boolean> LOCAL_CONTAINER =
            Key.of(
                    "LOCAL_CONTAINER",
                    Kinds.flag(),
                    "The first bridge's way to say PROVIDER=local; counts while PROVIDER is"
                            + " unset.");
    static final Key<Integer> AGENT_PORT =
            Key.of("AGENT_PORT", Kinds.whole(1, 65535), "8000", "Port that agents listen on.");
    static final Key<Path> DATA_DIR =
            Key.of(
                    "DATA_DIR",
                    Kinds.folder(),
                    ".bridge",
                    "Folder of the embedded database and of the local provider's workspaces and"
                            + " logs.");

    static final Key<DatabaseName> DATABASE =
            Key.of(
                    "DATABASE",
                    Kinds.oneOf(DatabaseName.class),
                    "mysql",
                    "`mysql`: a MySQL or MariaDB server. `h2`: embedded, in DATA_DIR, for one"
                            + " bridge only; a kill -9 can lose its last commits.");
    static final Key<String> DB_URI =
            Key.of(
                    "DB_URI",
                    Kinds.text("a host name or address"),
                    "Host of the database server. Required for `mysql`.");
    static final Key<Integer> DB_PORT =
            Key.of("DB_PORT", Kinds.whole(1, 65535), "3306", "Port of the database server.");
    static final Key<String> DB_DATABASE =
            Key.of(
                    "DB_DATABASE",
                    Kinds.text("the name of a database"),
                    "Name of the database. Required for `mysql`.");
    static final Key<String> DB_USER =
            Key.of(
                    "DB_USER",
                    Kinds.text("a user name"),
                    "User of the database. Required for `mysql`.");
    static final Key<Secret> DB_PASSWORD =
            Key.secret("DB_PASSWORD", Kinds.password(), "Its password. By default none.");
    static final Key<Integer> DB_POOL_SIZE =
            Key.of(
                    "DB_POOL_SIZE",
                    Kinds.whole(2, 500),
                    "10",
                    "Most connections to the database that one bridge keeps.");

    static final Key<Duration> PATIENCE =
            Key.of(
                    "PATIENCE",
                    Kinds.duration(SHORTEST, LONGEST),
                    "120s",
                    "How long a launch request waits for its container at most, unless it says"
                            + " otherwise. Up to a fifth less, so that crowds come back spread.");
    static final Key<Duration> LAUNCH_DEADLINE =
            Key.of(
                    "LAUNCH_DEADLINE",
                    Kinds.duration(SHORTEST, LONGEST),
                    "10m",
                    "How long a user's claim may wait for a container before it ends as failed.");
    static final Key<Duration> CONTAINER_START_DEADLINE =
            Key.of(
                    "CONTAINER_START_DEADLINE",
                    Kinds.duration(SHORTEST, LONGEST),
                    "5m",
                    "How long a container may take until its agent answers before it is replaced.");
    static final Key<Duration> CONTAINER_START_LIMIT =
            Key.of(
                    "CONTAINER_START_LIMIT",
                    Kinds.duration(SHORTEST, LONGEST),
                    "20m",
                    "How long both of these may be prolonged to, counted from the same moments,"
                            + " while a container is still fetching its image.");
    static final Key<Duration> CONTAINER_POLL_INTERVAL =
            Key.of(
                    "CONTAINER_POLL_INTERVAL",
                    Kinds.duration(Duration.ofMillis(10), Duration.ofMinutes(1)),
                    "250ms",
                    "How often starting containers are looked at, all of them together, beside"
                            + " their own calls home.");
    static final Key<Duration> SURPLUS_KEPT_FOR =
            Key.of(
                    "SURPLUS_KEPT_FOR",
                    Kinds.duration(SHORTEST, LONGEST),
                    "2m",
                    "How long a container that nobody waits for any more is kept for the next"
                            + " one.");
    static final Key<Integer> MAX_CONTAINERS_PER_USER =
            Key.of(
                    "MAX_CONTAINERS_PER_USER",
                    Kinds.whole(1, 10_000),
                    "5",
                    "Most containers that one user may have at a time.");
    static final Key<Integer> MAX_WAITING_PER_USER =
            Key.of(
                    "MAX_WAITING_PER_USER",
                    Kinds.whole(1, 100_000),
                    "100",
                    "Most launch requests of one user that may be under way at a time on one"
                            + " bridge; more are told to come again.");
    static final Key<Duration> POLL_INTERVAL =
            Key.of(
                    "POLL_INTERVAL",
                    Kinds.duration(Duration.ofMillis(10), Duration.ofMinutes(1)),
                    "100ms",
                    "How often waiting requests look for what another bridge has done, all of them"
                            + " by one read.");
    static final Key<String> BRIDGE_NAME =
            Key.of(
                    "BRIDGE_NAME",
                    Kinds.text("a name"),
                    "Name of this bridge in the lease for the loops; no two running bridges may"
                            + " share one. By default host name and port.");
    static final Key<Duration> LEASE_TTL =
            Key.of(
                    "LEASE_TTL",
                    Kinds.duration(Duration.ofSeconds(1), Duration.ofMinutes(10)),
                    "10s",
                    "How long after the last sign of life of the bridge that runs the loops another"
                            + " one takes over.");

    static final Key<SealingKeys> SEALING_KEYS =
            Key.secret(
                    "SEALING_KEYS",
                    KeyKinds.sealing(),
                    "Keys that seal secrets in the database (AES-256-GCM): `id:base64` of 32 bytes,"
                            + " separated by commas. The first seals, all of them open: to rotate,"
                            + " put a new one in front. Required.");
    static final Key<KeyBytes> API_KEY_MASTER =
            Key.secret(
                    "API_KEY_MASTER",
                    KeyKinds.master(),
                    "What the agents' API keys are derived from: base64 of at least 32 bytes."
                            + " Required.");
    static final Key<BridgeKey> BRIDGE_SIGNING_KEY =
            Key.secret(
                    "BRIDGE_SIGNING_KEY",
                    KeyKinds.bridgeKey(),
                    "The key that proves the bridge to agents: an RSA private key of 2048 to 4096"
                            + " bits in PKCS#8, as PEM (in one line, with \\n between), base64, or"
                            + " @/path/to/file. Required.");

    private Keys() {}

    /** All settings under their headings, in the order in which they are explained. */
    static Map<String, List<Key<?>>> byHeading() {
        var all = new LinkedHashMap<String, List<Key<?>>>();
        all.put(
                "Server",
                List.of(
                        BIND_ADDRESS,
                        PORT,
                        IDLE_TIMEOUT,
                        TRUSTED_PROXIES,
                        AGENT_BRIDGE_URL,
                        ALLOWED_ORIGINS,
                        DEBUG));
        all.put("Containers", List.of(PROVIDER, LOCAL_CONTAINER, AGENT_PORT, DATA_DIR));
        all.put("Docker", DockerKeys.ALL);
        all.put("AWS Fargate", FargateKeys.ALL);
        all.put(
                "Database",
                List.of(
                        DATABASE,
                        DB_URI,
                        DB_PORT,
                        DB_DATABASE,
                        DB_USER,
                        DB_PASSWORD,
                        DB_POOL_SIZE));
        all.put(
                "Launches",
                List.of(
                        PATIENCE,
                        LAUNCH_DEADLINE,
                        CONTAINER_START_DEADLINE,
                        CONTAINER_START_LIMIT,
                        CONTAINER_POLL_INTERVAL,
                        SURPLUS_KEPT_FOR,
                        MAX_CONTAINERS_PER_USER,
                        MAX_WAITING_PER_USER,
                        POLL_INTERVAL,
                        BRIDGE_NAME,
                        LEASE_TTL));
        all.put("Users", UserKeys.ALL);
        all.put("Gateway", GatewayKeys.ALL);
        all.put("Keys", List.of(SEALING_KEYS, API_KEY_MASTER, BRIDGE_SIGNING_KEY));
        return all;
    }
}
