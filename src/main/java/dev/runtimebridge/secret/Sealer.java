package dev.runtimebridge.secret;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;

import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals secrets for storage with AES-256-GCM. What a secret belongs to is authenticated with it, so
 * that a sealed value copied to another row does not open there.
 */
public final class Sealer {
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int KEY_BYTES = 32;

    private final String sealingKey;
    private final Map<String, SecretKeySpec> keys = new TreeMap<>();
    private final SecureRandom random;

    /**
     * A sealer that seals with one key and opens with any.
     *
     * @param sealingKey id of the key that new values are sealed with
     * @param keys all keys by id, 32 bytes each
     */
    public Sealer(String sealingKey, Map<String, byte[]> keys, SecureRandom random) {
        keys.forEach(
                (id, key) -> {
                    if (key.length != KEY_BYTES) {
                        throw new IllegalArgumentException(
                                "sealing key " + id + " must have 32 bytes, not " + key.length);
                    }
                    this.keys.put(id, new SecretKeySpec(key, "AES"));
                });
        if (!this.keys.containsKey(sealingKey)) {
            throw new IllegalArgumentException("there is no sealing key " + sealingKey);
        }
        this.sealingKey = sealingKey;
        this.random = random;
    }

    /** Seals a secret for the row that {@code owner} names. */
    public Sealed seal(String owner, Secret secret) {
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            var cipher = cipher(Cipher.ENCRYPT_MODE, sealingKey, nonce, owner);
            var text = cipher.doFinal(secret.reveal().getBytes(StandardCharsets.UTF_8));
            return new Sealed(
                    sealingKey,
                    ByteBuffer.allocate(nonce.length + text.length).put(nonce).put(text).array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot seal with key " + sealingKey, e);
        }
    }

    /**
     * Opens what was sealed for the same owner.
     *
     * @throws IllegalStateException when the key is not configured, or the value is not what was
     *     sealed for this owner
     */
    public Secret open(String owner, Sealed sealed) {
        if (!keys.containsKey(sealed.keyId())) {
            throw new IllegalStateException(
                    "a stored secret is sealed with key "
                            + sealed.keyId()
                            + ", which is not among the sealing keys");
        }
        if (sealed.bytes().length <= NONCE_BYTES) {
            throw new IllegalStateException("the stored secret of " + owner + " is damaged");
        }
        try {
            var nonce = new byte[NONCE_BYTES];
            var from = ByteBuffer.wrap(sealed.bytes()).get(nonce);
            var text = new byte[from.remaining()];
            from.get(text);
            var cipher = cipher(Cipher.DECRYPT_MODE, sealed.keyId(), nonce, owner);
            return new Secret(new String(cipher.doFinal(text), StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "the stored secret of " + owner + " does not open with its key", e);
        }
    }

    private Cipher cipher(int mode, String keyId, byte[] nonce, String owner)
            throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, keys.get(keyId), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(owner.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
