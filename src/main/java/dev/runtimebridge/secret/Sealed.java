package dev.runtimebridge.secret;

/**
 * A secret as it is stored.
 *
 * @param keyId names the key that opens it
 * @param bytes nonce, ciphertext and tag
 */
@SuppressWarnings("ArrayRecordComponent") // a value on its way to a column; never compared
public record Sealed(String keyId, byte[] bytes) {
    @Override
    public String toString() {
        return "[sealed with " + keyId + "]";
    }
}
