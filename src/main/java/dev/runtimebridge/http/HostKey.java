package dev.runtimebridge.http;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** An SSH server's public key as OpenSSH writes it: {@code ssh-ed25519 AAAA... comment}. */
record HostKey(String line) {

    /** {@code SHA256:} and the digest, as {@code ssh-keygen -l} prints it; empty without a key. */
    String fingerprint() {
        var parts = line.strip().split("\\s+", 3);
        if (parts.length < 2) {
            return "";
        }
        try {
            var key = Base64.getDecoder().decode(parts[1]);
            var digest = MessageDigest.getInstance("SHA-256").digest(key);
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
        } catch (IllegalArgumentException e) {
            return "";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
