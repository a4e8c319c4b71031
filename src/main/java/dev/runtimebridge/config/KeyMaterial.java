package dev.runtimebridge.config;

import dev.runtimebridge.secret.BridgeKey;
import dev.runtimebridge.secret.DerivedKeys;
import dev.runtimebridge.secret.Secret;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A full set of keys for one installation, as settings: what seals, what API keys come from, what
 * proves the bridge to agents, and what users' tokens are signed with in development.
 */
public final class KeyMaterial {
    /** The file that a set is kept in. */
    public static final String FILE = "keys.env";

    private static final int KEY_BYTES = 32;
    private static final List<Key<?>> KEYS =
            List.of(
                    Keys.SEALING_KEYS,
                    Keys.API_KEY_MASTER,
                    Keys.BRIDGE_SIGNING_KEY,
                    UserKeys.JWT_SECRET);

    private final Map<String, String> values;

    private KeyMaterial(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /** A new set. */
    public static KeyMaterial generate(SecureRandom random) {
        var values = new TreeMap<String, String>();
        values.put(Keys.SEALING_KEYS.name(), "k1:" + randomKey(random));
        values.put(Keys.API_KEY_MASTER.name(), randomKey(random));
        values.put(Keys.BRIDGE_SIGNING_KEY.name(), signingKey(random));
        values.put(UserKeys.JWT_SECRET.name(), randomKey(random));
        return new KeyMaterial(values);
    }

    /**
     * The set in {@code folder/keys.env}, if there is one.
     *
     * @throws IllegalArgumentException when the file is damaged; the message is fit to be shown
     */
    public static Optional<KeyMaterial> read(Path folder) {
        var file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return Optional.of(whole(file, Environment.file(file)));
    }

    /**
     * The set in {@code folder/keys.env}; made and written there when there is none yet.
     *
     * <p>A signing key on an elliptic curve, which earlier versions made, gives way to a new one.
     * Agents that were started with the old one and wait for their first user refuse the new one;
     * the bridge replaces them, as it does any agent that cannot be initialised.
     *
     * @throws IllegalArgumentException as {@link #read} does
     * @throws IOException when it cannot be written
     */
    public static KeyMaterial readOrCreate(Path folder, SecureRandom random) throws IOException {
        var file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            var made = generate(random);
            made.write(folder);
            return made;
        }
        var values = new TreeMap<>(Environment.file(file));
        var signing = Keys.BRIDGE_SIGNING_KEY.name();
        if (!isOfEarlierKind(values.get(signing))) {
            return whole(file, values);
        }
        values.put(signing, signingKey(random));
        var renewed = whole(file, values);
        renewed.writeTo(file);
        return renewed;
    }

    private static boolean isOfEarlierKind(@Nullable String signingKey) {
        try {
            return signingKey != null && KeyKinds.onEllipticCurve(signingKey);
        } catch (IllegalArgumentException e) {
            return false; // no key at all, which is told with what else is wrong
        }
    }

    private static KeyMaterial whole(Path file, Map<String, String> values) {
        var reading = new Reading(values);
        KEYS.forEach(key -> reading.required(key, "a full set has it"));
        if (!reading.faults().isEmpty()) {
            throw new IllegalArgumentException(
                    file + " is damaged: " + String.join("; ", reading.faults()));
        }
        return new KeyMaterial(
                KEYS.stream().map(Key::name).collect(Collectors.toMap(name -> name, values::get)));
    }

    /**
     * Writes {@code folder/keys.env}, for its owner's eyes only, whole or not at all.
     *
     * @throws IOException when it cannot be written, or when there is one already
     */
    public void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        var target = folder.resolve(FILE);
        if (Files.exists(target)) {
            throw new IOException(target + " exists already: without its keys nothing opens");
        }
        writeTo(target);
    }

    private void writeTo(Path target) throws IOException {
        var temporary =
                Files.createTempFile(
                        target.getParent(),
                        FILE,
                        ".new",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(
                    temporary,
                    asText(),
                    StandardCharsets.UTF_8,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.SYNC);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** The set as lines {@code KEY=value}, secrets and all. */
    public String asText() {
        return KEYS.stream()
                .map(key -> "# " + key.meaning() + "\n" + key.name() + "=" + value(key) + "\n")
                .collect(Collectors.joining("\n"));
    }

    /** The same, with what gateways need that run by themselves: they must not know the master. */
    public String asTextWithGatewayKey() {
        var master = Keys.API_KEY_MASTER.kind().reader().apply(value(Keys.API_KEY_MASTER));
        return asText()
                + "\n# Only a gateway in an image of its own needs it: shows bridges of this"
                + " API_KEY_MASTER that it is theirs.\nGATEWAY_KEY="
                + new DerivedKeys(master.reveal()).gatewayKey().reveal()
                + "\n";
    }

    /** What users' tokens are signed with. */
    public Secret jwtSecret() {
        return new Secret(value(UserKeys.JWT_SECRET));
    }

    Map<String, String> values() {
        return values;
    }

    private String value(Key<?> key) {
        return Optional.ofNullable(values.get(key.name())).orElseThrow();
    }

    private static String randomKey(SecureRandom random) {
        var bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String signingKey(SecureRandom random) {
        return Base64.getEncoder()
                .encodeToString(BridgeKey.generate(random).privateKey().getEncoded());
    }

    @Override
    public String toString() {
        return "[keys " + String.join(", ", values.keySet()) + "]";
    }
}
