package dev.runtimebridge.secret;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;

/**
 * The RSA pair that proves the bridge to agents: the bridge signs with the private half, agents are
 * started with the public one.
 *
 * <p>RSA because of the agent, which verifies one proof in its life, while a user waits: the first
 * verification of a JVM takes 10 to 17 ms of a core with RSA and 150 to 190 ms on P-256.
 */
public record BridgeKey(RSAPrivateCrtKey privateKey, RSAPublicKey publicKey) {
    /** The smallest key; what {@link #generate} makes. */
    public static final int LEAST_BITS = 2048;

    /** The largest key, so that no signature takes long. */
    public static final int MOST_BITS = 4096;

    private static final String TYPE = "RSA";

    /**
     * Checks the size, and that the halves belong together.
     *
     * @throws IllegalArgumentException saying what is wrong, and nothing of the key
     */
    public BridgeKey {
        int bits = publicKey.getModulus().bitLength();
        if (bits < LEAST_BITS || bits > MOST_BITS) {
            throw new IllegalArgumentException("the key has " + bits + " bits");
        }
        if (!fits(privateKey, publicKey)) {
            throw new IllegalArgumentException("the key's parts do not belong together");
        }
    }

    /**
     * The pair of a private key, whose PKCS#8 form carries the public half.
     *
     * @throws IllegalArgumentException when it has another size than {@link #LEAST_BITS} to {@link
     *     #MOST_BITS}, or does not sign what its public half verifies
     */
    public static BridgeKey of(RSAPrivateCrtKey privateKey) {
        try {
            var half =
                    new RSAPublicKeySpec(privateKey.getModulus(), privateKey.getPublicExponent());
            return new BridgeKey(
                    privateKey, (RSAPublicKey) KeyFactory.getInstance(TYPE).generatePublic(half));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the key is not usable", e);
        }
    }

    /** A new pair, of {@link #LEAST_BITS}. */
    public static BridgeKey generate(SecureRandom random) {
        try {
            var generator = KeyPairGenerator.getInstance(TYPE);
            generator.initialize(LEAST_BITS, random);
            return of((RSAPrivateCrtKey) generator.generateKeyPair().getPrivate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK makes RSA keys", e);
        }
    }

    /** The public key as agents take it: base64 of its SubjectPublicKeyInfo. */
    public String forAgents() {
        return Base64.getEncoder().encodeToString(publicKey.getEncoded());
    }

    private static boolean fits(RSAPrivateCrtKey privateKey, RSAPublicKey publicKey) {
        var probe = new byte[] {1, 2, 3};
        try {
            var signer = Signature.getInstance("SHA256withRSA");
            signer.initSign(privateKey);
            signer.update(probe);
            var signed = signer.sign();
            signer.initVerify(publicKey);
            signer.update(probe);
            return signer.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return "[bridge key]";
    }
}
