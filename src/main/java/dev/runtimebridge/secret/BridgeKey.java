package dev.runtimebridge.secret;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Base64;

import javax.crypto.KeyAgreement;

/**
 * The P-256 pair that proves the bridge to agents: the bridge signs with the private half, agents
 * are started with the public one.
 */
public record BridgeKey(ECPrivateKey privateKey, ECPublicKey publicKey) {
    private static final String SIGNATURE = "SHA256withECDSA";

    /**
     * The pair of a private key.
     *
     * <p>Java offers no way from a private key to its public one, and PKCS#8 carries it only
     * sometimes. Agreeing with the curve's generator as the other party gives the public point's x;
     * of the two y that fit, a signature tells which.
     *
     * @throws IllegalArgumentException when it is not a key on P-256
     */
    public static BridgeKey of(ECPrivateKey privateKey) {
        var curve = privateKey.getParams();
        try {
            if (!isP256(curve) || !(curve.getCurve().getField() instanceof ECFieldFp field)) {
                throw new IllegalArgumentException("the key is not on the curve P-256");
            }
            var factory = KeyFactory.getInstance("EC");
            var agreement = KeyAgreement.getInstance("ECDH");
            agreement.init(privateKey);
            agreement.doPhase(
                    factory.generatePublic(new ECPublicKeySpec(curve.getGenerator(), curve)), true);
            var p = field.getP();
            var x = new BigInteger(1, agreement.generateSecret());
            var ySquared =
                    x.pow(3)
                            .add(curve.getCurve().getA().multiply(x))
                            .add(curve.getCurve().getB())
                            .mod(p);
            // p mod 4 is 3 on this curve, so that this power is a square root
            var y = ySquared.modPow(p.add(BigInteger.ONE).shiftRight(2), p);
            for (var candidate : new BigInteger[] {y, p.subtract(y)}) {
                var point = new ECPoint(x, candidate);
                var publicKey =
                        (ECPublicKey) factory.generatePublic(new ECPublicKeySpec(point, curve));
                if (fits(privateKey, publicKey)) {
                    return new BridgeKey(privateKey, publicKey);
                }
            }
            throw new IllegalArgumentException("the key is not usable");
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the key is not usable", e);
        }
    }

    /** The public key as agents take it: base64 of its SubjectPublicKeyInfo. */
    public String forAgents() {
        return Base64.getEncoder().encodeToString(publicKey.getEncoded());
    }

    /** Whether these are the parameters of P-256, the curve of ES256. */
    public static boolean isP256(ECParameterSpec curve) {
        try {
            var parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec("secp256r1"));
            var p256 = parameters.getParameterSpec(ECParameterSpec.class);
            return curve.getCurve().equals(p256.getCurve())
                    && curve.getGenerator().equals(p256.getGenerator());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    private static boolean fits(ECPrivateKey privateKey, ECPublicKey publicKey)
            throws GeneralSecurityException {
        var probe = new byte[] {1, 2, 3};
        var signer = Signature.getInstance(SIGNATURE);
        signer.initSign(privateKey);
        signer.update(probe);
        var verifier = Signature.getInstance(SIGNATURE);
        verifier.initVerify(publicKey);
        verifier.update(probe);
        return verifier.verify(signer.sign());
    }

    @Override
    public String toString() {
        return "[bridge key]";
    }
}
