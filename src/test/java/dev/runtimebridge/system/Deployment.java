package dev.runtimebridge.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.runtimebridge.config.KeyMaterial;
import dev.runtimebridge.emulator.Emulator;
import dev.runtimebridge.secret.Secret;
import dev.runtimebridge.store.Database;
import dev.runtimebridge.store.DatabaseSettings;
import dev.runtimebridge.testing.MariaDbServer;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What bridges in production share: a database on a MariaDB server, and keys that are easy to
 * recognise wherever they should not be.
 */
final class Deployment {
    static final String JWT_SECRET = "sentinel-jwt-secret-0123456789abcdef";
    static final String SEALING_KEY = base64("sentinel-sealing-key-0123456789a");
    static final String API_KEY_MASTER = base64("sentinel-api-key-master-01234567");

    private final DatabaseSettings database;
    private final Map<String, String> configuration = new HashMap<>();

    Deployment(MariaDbServer server) {
        database = server.newDatabase(DatabaseSettings.Limits.of(2));
        var address = URI.create(database.url().substring("jdbc:".length()));
        configuration.put("BIND_ADDRESS", "127.0.0.1");
        configuration.put("PORT", "0");
        configuration.put("PROVIDER", "local");
        configuration.put("DATABASE", "mysql");
        configuration.put("DB_URI", address.getHost());
        configuration.put("DB_PORT", Integer.toString(address.getPort()));
        configuration.put("DB_DATABASE", databaseName());
        configuration.put("DB_USER", database.user());
        configuration.put("DB_PASSWORD", database.password().reveal());
        configuration.put("AUTH_MODE", "secret");
        configuration.put("JWT_SECRET", JWT_SECRET);
        configuration.put("SEALING_KEYS", "k1:" + SEALING_KEY);
        configuration.put("API_KEY_MASTER", API_KEY_MASTER);
        configuration.put("BRIDGE_SIGNING_KEY", newSigningKey());
        configuration.put("LEASE_TTL", "2s");
    }

    private static String newSigningKey() {
        var name = "BRIDGE_SIGNING_KEY=";
        return KeyMaterial.generate(new SecureRandom())
                .asText()
                .lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()))
                .findFirst()
                .orElseThrow();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    String databaseName() {
        return URI.create(database.url().substring("jdbc:".length()))
                .getPath()
                .substring(1)
                .replaceAll("\\?.*", "");
    }

    Deployment with(String key, String value) {
        configuration.put(key, value);
        return this;
    }

    /** Containers as tasks of this emulated account. */
    Deployment onFargate(Emulator aws) {
        return with("PROVIDER", "fargate")
                .with("AWS_ENDPOINT_URL", aws.endpoint().toString())
                .with("AWS_REGION", aws.script().scenario().region())
                .with("AWS_ACCESS_KEY_ID", "AKIAEMULATED")
                .with("AWS_SECRET_ACCESS_KEY", "none")
                .with("CLUSTER_NAME", "bridge")
                .with("CONTAINER_SUBNETS", "subnet-a,subnet-b")
                .with("CONTAINER_SECURITY_GROUP", "sg-agents");
    }

    /** The bridges' database, to look at. */
    Database openDatabase() {
        return new Database(database);
    }

    Map<String, String> configuration() {
        return configuration;
    }

    /** All secrets of the configuration, by name. */
    Map<String, String> secrets() {
        return configuration.entrySet().stream()
                .filter(entry -> entry.getKey().matches(".*(SECRET|KEY|KEYS|MASTER|PASSWORD)"))
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey, entry -> entry.getValue().replace("k1:", "")));
    }

    /** Another bridge, with a data folder of its own. */
    BridgeProcess bridge(Path data) throws IOException {
        var own = new HashMap<>(configuration);
        own.put("DATA_DIR", data.toString());
        own.put("BRIDGE_NAME", data.getFileName().toString());
        return BridgeProcess.serve(data, own);
    }

    /** One who may change the catalogue. */
    UserOfTheApi administrator(BridgeProcess bridge) {
        return new UserOfTheApi(bridge.url(), new Secret(JWT_SECRET), "root", Set.of("admin"));
    }

    UserOfTheApi user(BridgeProcess bridge, String name) {
        return new UserOfTheApi(bridge.url(), new Secret(JWT_SECRET), name);
    }
}
