package dev.runtimebridge.config;

import static dev.runtimebridge.config.Samples.faults;
import static dev.runtimebridge.config.Samples.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.security.spec.RSAPrivateKeySpec;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

class SecretsTest {
    private static final String KEY_1 = Base64.getEncoder().encodeToString(bytes(32));
    private static final String KEY_2 = Base64.getEncoder().encodeToString(bytes(32));

    @Test
    void theFirstSealingKeySealsAndAllOpen() {
        var sealing = settings("SEALING_KEYS", "b:" + KEY_2 + ", a:" + KEY_1).secrets().sealing();
        assertThat(sealing.first()).isEqualTo("b");
        assertThat(sealing.reveal().get("a")).isEqualTo(Base64.getDecoder().decode(KEY_1));
        assertThat(sealing.reveal()).containsOnlyKeys("a", "b");
    }

    @Test
    void badSealingKeys() {
        var shortKey = Base64.getEncoder().encodeToString(bytes(16));
        var noKey = Base64.getEncoder().encodeToString(new byte[32]);
        for (var bad :
                new String[] {
                    KEY_1,
                    "a:" + shortKey,
                    "a:" + noKey,
                    "a:" + KEY_1 + ",a:" + KEY_2,
                    "a b:" + KEY_1,
                    ":" + KEY_1,
                    "a:" + KEY_1 + ","
                }) {
            assertThat(faults("SEALING_KEYS", bad)).hasSize(1);
        }
    }

    @Test
    void aMasterKeyHasAtLeast32RandomBytes() {
        assertThat(settings("API_KEY_MASTER", KEY_1).secrets().apiKeyMaster().reveal())
                .isEqualTo(Base64.getDecoder().decode(KEY_1));
        assertThat(faults("API_KEY_MASTER", Base64.getEncoder().encodeToString(bytes(31))))
                .hasSize(1);
        assertThat(faults("API_KEY_MASTER", Base64.getEncoder().encodeToString(new byte[32])))
                .hasSize(1);
    }

    @Test
    void theBridgesPublicKeyIsFoundFromItsPrivateOne() throws Exception {
        for (int bits : new int[] {2048, 4096}) {
            var pair = pair("RSA", bits);
            var read =
                    settings("BRIDGE_SIGNING_KEY", base64(pair.getPrivate())).secrets().bridgeKey();
            assertThat(read.publicKey()).isEqualTo(pair.getPublic());
            assertThat(read.forAgents()).isEqualTo(base64(pair.getPublic()));
        }
    }

    @Test
    void whyAKeyIsNoBridgeKeyIsSaid() throws Exception {
        var rsa = pair("RSA", 2048);
        var other = (RSAPrivateCrtKey) pair("RSA", 2048).getPrivate();
        var key = (RSAPrivateCrtKey) rsa.getPrivate();
        var mixed =
                KeyFactory.getInstance("RSA")
                        .generatePrivate(
                                new RSAPrivateCrtKeySpec(
                                        key.getModulus(),
                                        key.getPublicExponent(),
                                        other.getPrivateExponent(),
                                        other.getPrimeP(),
                                        other.getPrimeQ(),
                                        other.getPrimeExponentP(),
                                        other.getPrimeExponentQ(),
                                        other.getCrtCoefficient()));
        var half =
                KeyFactory.getInstance("RSA")
                        .generatePrivate(
                                new RSAPrivateKeySpec(key.getModulus(), key.getPrivateExponent()));
        assertThat(bridgeKeyFault(pair("EC", 256).getPrivate()))
                .contains("on an elliptic curve, as earlier versions had it; expected an RSA");
        assertThat(bridgeKeyFault(pair("RSA", 1024).getPrivate())).contains("has 1024 bits");
        assertThat(bridgeKeyFault(pair("RSA", 4104).getPrivate())).contains("has 4104 bits");
        assertThat(bridgeKeyFault(mixed)).contains("parts do not belong together");
        assertThat(bridgeKeyFault(half)).contains("lacks its public half");
        assertThat(bridgeKeyFault(rsa.getPublic())).contains("not an RSA key");
    }

    @Test
    void aSetOfAnEarlierVersionGetsANewSigningKeyAndKeepsTheRest(@TempDir Path folder)
            throws Exception {
        var made = KeyMaterial.generate(new SecureRandom());
        var earlier = new HashMap<>(made.values());
        earlier.put("BRIDGE_SIGNING_KEY", base64(pair("EC", 256).getPrivate()));
        var file = folder.resolve("keys.env");
        Files.writeString(
                file,
                earlier.entrySet().stream()
                        .map(Object::toString)
                        .collect(Collectors.joining("\n")));

        var renewed = KeyMaterial.readOrCreate(folder, new SecureRandom());

        assertThat(Config.read(Development.values(Map.of(), folder, 0, renewed)))
                .isInstanceOf(Configuration.Ready.class);
        assertThat(without("BRIDGE_SIGNING_KEY", renewed.values()))
                .isEqualTo(without("BRIDGE_SIGNING_KEY", made.values()));
        assertThat(KeyMaterial.readOrCreate(folder, new SecureRandom()).values())
                .isEqualTo(renewed.values());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aSetOfKeysIsMadeOnceAndThenRead(@TempDir Path folder) throws IOException {
        var data = folder.resolve("data");
        var made = KeyMaterial.readOrCreate(data, new SecureRandom());
        var read = KeyMaterial.readOrCreate(data, new SecureRandom());
        assertThat(read.values()).isEqualTo(made.values());
        assertThat(KeyMaterial.read(data)).map(KeyMaterial::jwtSecret).contains(made.jwtSecret());
        assertThat(KeyMaterial.generate(new SecureRandom()).values()).isNotEqualTo(made.values());
    }

    @Test
    void aSetOfKeysIsForItsOwnersEyesOnly(@TempDir Path folder) throws IOException {
        KeyMaterial.generate(new SecureRandom()).write(folder);
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(folder.resolve("keys.env"))))
                .isEqualTo("rw-------");
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void aSetOfKeysIsNeverOverwritten(@TempDir Path folder) throws IOException {
        KeyMaterial.generate(new SecureRandom()).write(folder);
        assertThatThrownBy(() -> KeyMaterial.generate(new SecureRandom()).write(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("exists already");
    }

    @Test
    void aDamagedSetOfKeysIsRefusedByName(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("keys.env"), "JWT_SECRET=hush\n");
        assertThatThrownBy(() -> KeyMaterial.read(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("keys.env is damaged")
                .hasMessageContaining("SEALING_KEYS is missing")
                .hasMessageNotContaining("hush");
    }

    @Test
    void aDevelopmentBridgeNeedsNothingElse(@TempDir Path folder) {
        var keys = KeyMaterial.generate(new SecureRandom());
        var stray =
                Map.of(
                        "DATABASE", "mysql",
                        "AUTH_MODE", "jwks",
                        "JWT_ISSUER", "somebody",
                        "PATIENCE", "7s");
        var read = Config.read(Development.values(stray, folder, 0, keys));
        assertThat(read)
                .isInstanceOfSatisfying(
                        Configuration.Ready.class,
                        ready -> {
                            var settings = ready.settings();
                            assertThat(settings.http().bindAddress()).isEqualTo("127.0.0.1");
                            assertThat(settings.database())
                                    .isEqualTo(new DatabaseSettings.Embedded(folder, 10));
                            assertThat(settings.auth().issuer()).isEmpty();
                            assertThat(settings.launch().patience()).hasSeconds(7);
                        });
    }

    private static String bridgeKeyFault(Key key) {
        var faults = faults("BRIDGE_SIGNING_KEY", base64(key));
        assertThat(faults).hasSize(1);
        return faults.getFirst();
    }

    private static Map<String, String> without(String key, Map<String, String> values) {
        var rest = new HashMap<>(values);
        rest.remove(key);
        return rest;
    }

    private static KeyPair pair(String type, int bits) throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance(type);
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    private static String base64(Key key) {
        return Base64.getEncoder().encodeToString(key.getEncoded());
    }

    private static byte[] bytes(int count) {
        var bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (i * 7);
        }
        return bytes;
    }
}
