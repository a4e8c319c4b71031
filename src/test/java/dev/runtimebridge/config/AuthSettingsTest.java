package dev.runtimebridge.config;

import static dev.runtimebridge.config.Samples.faults;
import static dev.runtimebridge.config.Samples.faultsOf;
import static dev.runtimebridge.config.Samples.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.auth.AuthSettings.ClaimNames;
import dev.runtimebridge.auth.AuthSettings.KeyAlgorithm;
import dev.runtimebridge.auth.AuthSettings.Mode;
import dev.runtimebridge.secret.Secret;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

class AuthSettingsTest {
    private static final String LONG_ENOUGH = "0123456789abcdefghijklmnopqrstuv";

    @Test
    void defaults() {
        var auth = settings().auth();
        assertThat(auth.mode()).isInstanceOf(Mode.SharedSecret.class);
        assertThat(auth.claims()).isEqualTo(new ClaimNames("userId", "email", "roles"));
        assertThat(auth.issuer()).isEmpty();
        assertThat(auth.audience()).isEmpty();
        assertThat(auth.leeway()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void explicit() {
        var auth =
                settings(
                                "JWT_SECRET", LONG_ENOUGH,
                                "JWT_ALGORITHM", "hs256",
                                "JWT_ISSUER", "https://issuer",
                                "JWT_AUDIENCE", "ide",
                                "JWT_USER_CLAIM", "sub",
                                "JWT_EMAIL_CLAIM", "mail",
                                "JWT_ROLES_CLAIM", "scope",
                                "JWT_LEEWAY", "0s")
                        .auth();
        assertThat(auth.mode()).isEqualTo(new Mode.SharedSecret(new Secret(LONG_ENOUGH)));
        assertThat(auth.claims()).isEqualTo(new ClaimNames("sub", "mail", "scope"));
        assertThat(auth.issuer()).contains("https://issuer");
        assertThat(auth.audience()).contains("ide");
        assertThat(auth.leeway()).isZero();
    }

    @Test
    void aSecretThatCanBeGuessedIsRefused() {
        assertThat(faults("JWT_SECRET", LONG_ENOUGH.substring(1)))
                .containsExactly(
                        "JWT_SECRET does not fit: it has 31 bytes, and fewer than 32 can be"
                                + " guessed; expected at least 32 bytes of random text, as `openssl"
                                + " rand -base64 48` makes it");
        assertThat(faults("JWT_SECRET", "ab".repeat(40))).hasSize(1);
    }

    @Test
    void theAlgorithmHasToFitTheMode() {
        assertThat(faults("JWT_ALGORITHM", "RS256")).hasSize(1);
        assertThat(faults("JWT_ALGORITHM", "none")).hasSize(1);
        assertThat(
                        faults(
                                "AUTH_MODE", "jwks",
                                "JWKS_URL", "https://issuer/keys",
                                "JWT_ALGORITHM", "HS256"))
                .hasSize(1);
    }

    @Test
    void aLeewayOfHoursIsRefused() {
        assertThat(faults("JWT_LEEWAY", "1h")).hasSize(1);
    }

    @Test
    void aPublicKeyComesAsPemAsBase64OrFromAFile(@TempDir Path folder) throws Exception {
        var key = rsa(2048);
        var base64 = Base64.getEncoder().encodeToString(key.getEncoded());
        var pem =
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                        + "\n-----END PUBLIC KEY-----\n";
        var file = Files.writeString(folder.resolve("issuer.pem"), pem);

        for (var written :
                new String[] {
                    base64, pem, pem.replace("\r", "").replace("\n", "\\n"), "@" + file
                }) {
            assertThat(settings("AUTH_MODE", "public-key", "JWT_PUBLIC_KEY", written).auth().mode())
                    .isEqualTo(new Mode.FixedKey(KeyAlgorithm.RS256, key));
        }
    }

    @Test
    void aPublicKeyHasToFitTheAlgorithmAndBeLongEnough() throws Exception {
        assertThat(publicKeyFaults(rsa(1024), "RS256"))
                .containsExactly(
                        "JWT_PUBLIC_KEY has fewer than 2048 bits; expected an RSA or P-256 public"
                                + " key (SubjectPublicKeyInfo), as PEM, base64 or @file");
        assertThat(publicKeyFaults(rsa(2048), "ES256")).hasSize(1);
        assertThat(publicKeyFaults(ec("secp256r1"), "RS256")).hasSize(1);
        assertThat(publicKeyFaults(ec("secp384r1"), "ES256")).hasSize(1);
        assertThat(faults("AUTH_MODE", "public-key", "JWT_PUBLIC_KEY", "@/no/such/file"))
                .singleElement()
                .asString()
                .contains("the file /no/such/file cannot be read");
        assertThat(faults("AUTH_MODE", "public-key"))
                .singleElement()
                .asString()
                .startsWith("JWT_PUBLIC_KEY is missing (AUTH_MODE is public-key)");
    }

    @Test
    void jwksNeedsAUrl() {
        assertThat(
                        settings(
                                        "AUTH_MODE", "jwks",
                                        "JWKS_URL", "https://issuer/keys",
                                        "JWT_ALGORITHM", "ES256")
                                .auth()
                                .mode())
                .isEqualTo(new Mode.Jwks(KeyAlgorithm.ES256, URI.create("https://issuer/keys")));
        assertThat(faults("AUTH_MODE", "jwks")).hasSize(1);
        assertThat(faults("AUTH_MODE", "jwks", "JWKS_URL", "file:///etc/keys")).hasSize(1);
    }

    @Test
    void anApiUrlAloneMeansRemote() {
        var values = Samples.wholeWith("API_URL", "http://api.internal:8000/");
        values.remove("AUTH_MODE");
        assertThat(Config.read(values))
                .isInstanceOfSatisfying(
                        Configuration.Ready.class,
                        ready ->
                                assertThat(ready.settings().auth().mode())
                                        .isEqualTo(
                                                new Mode.Remote(
                                                        URI.create(
                                                                "http://api.internal:8000/auth/token"))));
    }

    @Test
    void remoteRefusesChecksThatItCannotMake() {
        assertThat(faults("AUTH_MODE", "remote", "API_URL", "http://api", "JWT_ISSUER", "x"))
                .hasSize(1);
        assertThat(faults("AUTH_MODE", "remote")).hasSize(1);
    }

    @Test
    void theModeHasToBeSaid() {
        var values = Samples.whole();
        values.remove("AUTH_MODE");
        assertThat(faultsOf(values))
                .containsExactly(
                        "AUTH_MODE is missing (who verifies tokens?); expected one of secret,"
                                + " public-key, jwks, remote");
        assertThat(faults("AUTH_MODE", "trust")).hasSize(1);
    }

    private static List<String> publicKeyFaults(PublicKey key, String algorithm) {
        return faults(
                "AUTH_MODE",
                "public-key",
                "JWT_ALGORITHM",
                algorithm,
                "JWT_PUBLIC_KEY",
                Base64.getEncoder().encodeToString(key.getEncoded()));
    }

    private static PublicKey rsa(int bits) throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        return generator.generateKeyPair().getPublic();
    }

    private static PublicKey ec(String curve) throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair().getPublic();
    }
}
