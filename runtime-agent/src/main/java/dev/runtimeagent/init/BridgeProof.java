package dev.runtimeagent.init;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTVerifier;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.JWTVerificationException;

import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;

/**
 * Verifies {@code X-Bridge-Proof}: an RS256 token of the bridge's key, issued by {@code
 * runtime-bridge} for this very container, that ends within {@link #LIFE}. The algorithm is ours,
 * whatever the token's header says.
 */
public final class BridgeProof {
    /** How far ahead a proof may end. */
    public static final Duration LIFE = Duration.ofSeconds(60);

    /** How far the bridge's clock may be off ours. */
    public static final Duration LEEWAY = Duration.ofSeconds(30);

    private final int signatureBytes;
    private final JWTVerifier verifier;
    private final Clock clock;

    /**
     * Proofs by the owner of {@code bridgeKey}.
     *
     * @param container the provider's reference of this container, which a proof must name as
     *     audience
     */
    public BridgeProof(RSAPublicKey bridgeKey, String container, Clock clock) {
        var verification =
                (JWTVerifier.BaseVerification)
                        JWT.require(Algorithm.RSA256(bridgeKey, null))
                                .withIssuer("runtime-bridge")
                                .withAudience(container)
                                .withClaimPresence("exp")
                                .acceptLeeway(LEEWAY.toSeconds());
        this.verifier = verification.build(clock);
        this.clock = clock;
        this.signatureBytes = (bridgeKey.getModulus().bitLength() + Byte.SIZE - 1) / Byte.SIZE;
    }

    /** Whether {@code proof} shows that its bearer is the bridge. */
    public boolean holds(String proof) {
        try {
            var expiry = verifier.verify(proof).getExpiresAtAsInstant();
            return !expiry.isAfter(clock.instant().plus(LIFE).plus(LEEWAY));
        } catch (JWTVerificationException | IllegalArgumentException e) {
            return false; // which check failed is nothing a forger needs to know
        }
    }

    /**
     * Verifies a well-formed proof by nobody, because the first verification of a JVM takes ten
     * times as long as the next.
     *
     * @throws IllegalStateException when that proof holds
     */
    public void warmUp() {
        var base64 = Base64.getUrlEncoder().withoutPadding();
        var signature = new byte[signatureBytes];
        signature[signatureBytes - 1] = 2; // below the modulus: the whole calculation is done
        var header = base64.encodeToString("{\"alg\":\"RS256\"}".getBytes(StandardCharsets.UTF_8));
        var claims =
                base64.encodeToString(
                        "{\"iss\":\"runtime-bridge\",\"exp\":0}".getBytes(StandardCharsets.UTF_8));
        if (holds(header + "." + claims + "." + base64.encodeToString(signature))) {
            throw new IllegalStateException("a proof signed by nobody was accepted");
        }
    }
}
