package dev.runtimeagent.ssh;

import org.apache.sshd.common.config.keys.PublicKeyEntry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/**
 * The server's Ed25519 key, made once and kept as two lines of base64 that only the agent reads.
 */
record HostKey(KeyPair pair) {
    private static final String FILE = "ssh_host_ed25519";

    /**
     * Reads the key from {@code folder}, or makes it there.
     *
     * @throws UncheckedIOException when the folder cannot be read or written
     * @throws IllegalStateException when the file holds something else
     */
    static HostKey in(Path folder) {
        JdkProvider.register();
        var file = folder.resolve(FILE);
        try {
            if (!Files.exists(file)) {
                store(file);
            }
            return read(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep the SSH host key in " + file, e);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    file + " holds no Ed25519 key; remove it, and a new one is made", e);
        }
    }

    /** As OpenSSH writes it, {@code ssh-ed25519 AAAA...}. */
    String openSsh() {
        return PublicKeyEntry.toString(pair.getPublic());
    }

    /** Complete or not there at all, whatever happens meanwhile. */
    private static void store(Path file) throws IOException, GeneralSecurityException {
        var made = KeyPairGenerator.getInstance(Ed25519.ALGORITHM).generateKeyPair();
        var encoder = Base64.getEncoder();
        var lines =
                encoder.encodeToString(made.getPrivate().getEncoded())
                        + "\n"
                        + encoder.encodeToString(made.getPublic().getEncoded())
                        + "\n";
        Files.createDirectories(file.getParent());
        var ownerOnly =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var unfinished = Files.createTempFile(file.getParent(), FILE, ".new", ownerOnly);
        try {
            Files.writeString(unfinished, lines, StandardCharsets.US_ASCII);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException e) {
            Files.delete(unfinished);
        }
    }

    private static HostKey read(Path file) throws IOException, GeneralSecurityException {
        var lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
        if (lines.size() != 2) {
            throw new IllegalArgumentException("two lines expected");
        }
        var decoder = Base64.getDecoder();
        var factory = KeyFactory.getInstance(Ed25519.ALGORITHM);
        var secret = factory.generatePrivate(new PKCS8EncodedKeySpec(decoder.decode(lines.get(0))));
        var open = factory.generatePublic(new X509EncodedKeySpec(decoder.decode(lines.get(1))));
        return new HostKey(new KeyPair(open, secret));
    }
}
