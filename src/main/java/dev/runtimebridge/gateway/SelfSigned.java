package dev.runtimebridge.gateway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A certificate for trying, which browsers warn of: made once per folder by the JDK's keytool. */
final class SelfSigned {
    private static final String ALIAS = "gateway";

    /** Guards nothing: the store lives for the moment between two programs. */
    private static final String STORE_PASSWORD = "changeit";

    private static final int LONGEST_SECONDS = 30;

    private SelfSigned() {}

    /** The folder's certificate for a domain and all of its hosts; made when there is none yet. */
    static GatewaySettings.Certificate in(Path folder, String domain)
            throws IOException, InterruptedException {
        var made =
                new GatewaySettings.Certificate(
                        folder.resolve(domain + ".crt"), folder.resolve(domain + ".key"));
        if (!Files.exists(made.chain()) || !Files.exists(made.key())) {
            make(made, domain);
        }
        return made;
    }

    private static void make(GatewaySettings.Certificate target, String domain)
            throws IOException, InterruptedException {
        var work = Files.createTempDirectory(target.chain().getParent(), "certificate");
        var file = work.resolve("store.p12");
        try {
            keytool(file, domain);
            var store = KeyStore.getInstance(file.toFile(), STORE_PASSWORD.toCharArray());
            var key = store.getKey(ALIAS, STORE_PASSWORD.toCharArray());
            write(target.key(), "PRIVATE KEY", key.getEncoded(), "rw-------");
            write(
                    target.chain(),
                    "CERTIFICATE",
                    store.getCertificate(ALIAS).getEncoded(),
                    "rw-r--r--");
        } catch (GeneralSecurityException e) {
            throw new IOException("a certificate cannot be made: " + e.getMessage(), e);
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(work);
        }
    }

    private static void keytool(Path file, String domain) throws IOException, InterruptedException {
        var tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var process =
                new ProcessBuilder(
                                List.of(
                                        tool,
                                        "-genkeypair",
                                        "-alias",
                                        ALIAS,
                                        "-keyalg",
                                        "EC",
                                        "-groupname",
                                        "secp256r1",
                                        "-dname",
                                        "CN=" + domain + ", O=Runtime-Bridge for trying",
                                        "-ext",
                                        "san=dns:" + domain + ",dns:*." + domain,
                                        "-validity",
                                        "365",
                                        "-storetype",
                                        "PKCS12",
                                        "-storepass",
                                        STORE_PASSWORD,
                                        "-keystore",
                                        file.toString()))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        process.getOutputStream().close();
        if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("a certificate for trying could not be made by " + tool);
        }
    }

    private static void write(Path target, String kind, byte[] content, String permissions)
            throws IOException {
        var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        Files.deleteIfExists(target);
        Files.createFile(
                target,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
        Files.writeString(
                target,
                "-----BEGIN " + kind + "-----\n" + lines + "\n-----END " + kind + "-----\n",
                StandardCharsets.US_ASCII);
    }
}
