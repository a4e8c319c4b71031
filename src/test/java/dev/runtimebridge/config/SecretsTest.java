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
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Map;

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
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        for (int i = 0; i < 8; i++) { // both signs of y
            var pair = generator.generateKeyPair();
            var read =
                    settings(
                                    "BRIDGE_SIGNING_KEY",
                                    Base64.getEncoder()
                                            .encodeToString(pair.getPrivate().getEncoded()))
                            .secrets()
                            .bridgeKey();
            assertThat(read.publicKey()).isEqualTo(pair.getPublic());
            assertThat(Base64.getDecoder().decode(read.forAgents()))
                    .isEqualTo(pair.getPublic().getEncoded());
        }
    }

    @Test
    void anotherCurveOrAPublicKeyIsNoBridgeKey() throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp384r1"));
        var pair = generator.generateKeyPair();
        for (var key : new java.security.Key[] {pair.getPrivate(), pair.getPublic()}) {
            assertThat(
                            faults(
                                    "BRIDGE_SIGNING_KEY",
                                    Base64.getEncoder().encodeToString(key.getEncoded())))
                    .hasSize(1);
        }
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

    private static byte[] bytes(int count) {
        var bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (i * 7);
        }
        return bytes;
    }
}
