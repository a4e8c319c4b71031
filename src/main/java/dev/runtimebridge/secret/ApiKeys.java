package dev.runtimebridge.secret;

import dev.runtimebridge.allocation.ContainerId;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The API keys of agents. A key is derived from the container's id, so that an init that was cut
 * short can be repeated with the same one; only its hash is stored.
 */
public final class ApiKeys {
    private static final int LEAST_MASTER_BYTES = 32;
    private final SecretKeySpec master;

    /** Derives from {@code master}, at least 32 bytes. */
    public ApiKeys(byte[] master) {
        if (master.length < LEAST_MASTER_BYTES) {
            throw new IllegalArgumentException(
                    "the API key master must have at least 32 bytes, not " + master.length);
        }
        this.master = new SecretKeySpec(master, "HmacSHA256");
    }

    /** The key of one container: 43 characters of base64url. */
    public Secret of(ContainerId container) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(master);
            var key =
                    mac.doFinal(
                            ("agent api key of container " + container)
                                    .getBytes(StandardCharsets.UTF_8));
            return new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(key));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    /** What is stored of a key: hex SHA-256. */
    public static String hash(Secret key) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of()
                    .formatHex(digest.digest(key.reveal().getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
