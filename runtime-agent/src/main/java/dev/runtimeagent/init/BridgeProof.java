package dev.runtimeagent.init;

import dev.runtimeagent.json.NotJson;
import dev.runtimeagent.json.StrictJson;

import org.json.JSONObject;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/**
 * Verifies {@code X-Bridge-Proof}: a JWT signed by RS256 with the bridge's key, issued by {@code
 * runtime-bridge} for this very container, that ends within {@link #LIFE}.
 *
 * <p>The signature comes first, by the one algorithm there is; what a header says of algorithms and
 * keys is never looked at, and claims are those of the bridge by the time they are read.
 */
public final class BridgeProof {
    /** How far ahead a proof may end. */
    public static final Duration LIFE = Duration.ofSeconds(60);

    /** How far the bridge's clock may be off ours. */
    public static final Duration LEEWAY = Duration.ofSeconds(30);

    private static final String ISSUER = "runtime-bridge";
    private static final String GATEWAY = "runtime-bridge-gateway";
    private static final int HIGHEST_PORT = 65_535;

    private final RSAPublicKey bridgeKey;
    private final String container;
    private final Clock clock;

    /**
     * Proofs by the owner of {@code bridgeKey}.
     *
     * @param container the provider's reference of this container, which a proof must name as
     *     audience
     */
    public BridgeProof(RSAPublicKey bridgeKey, String container, Clock clock) {
        this.bridgeKey = bridgeKey;
        this.container = container;
        this.clock = clock;
    }

    /** Whether {@code proof} shows that its bearer is the bridge. Which check fails is not told. */
    public boolean holds(String proof) {
        return claims(proof, ISSUER).isPresent();
    }

    /**
     * What the bridge lets pass by an assertion: signed alike, by another issuer, so that neither
     * passes for the other.
     */
    public Optional<Passage> passage(String assertion) {
        return claims(assertion, GATEWAY)
                .map(
                        claims ->
                                new Passage(
                                        claims.optInt("port", 0),
                                        Optional.ofNullable(claims.optString("share", null))))
                .filter(passage -> passage.port() > 0 && passage.port() <= HIGHEST_PORT);
    }

    private Optional<JSONObject> claims(String proof, String issuer) {
        var parts = proof.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            var base64 = Base64.getUrlDecoder();
            if (!isSigned(parts[0] + "." + parts[1], base64.decode(parts[2]))) {
                return Optional.empty();
            }
            return Optional.of(StrictJson.object(base64.decode(parts[1])))
                    .filter(claims -> fits(claims, issuer));
        } catch (IllegalArgumentException | NotJson e) {
            return Optional.empty();
        }
    }

    private boolean isSigned(String content, byte[] signature) {
        try {
            var verifier = Signature.getInstance("SHA256withRSA");
            verifier.initVerify(bridgeKey);
            verifier.update(content.getBytes(StandardCharsets.UTF_8));
            return verifier.verify(signature);
        } catch (SignatureException e) {
            return false; // of another length
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has RS256", e);
        }
    }

    private boolean fits(JSONObject claims, String issuer) {
        var now = clock.instant().getEpochSecond();
        var soon = now + LEEWAY.toSeconds();
        var ends = claims.optLong("exp", Long.MIN_VALUE);
        return issuer.equals(claims.opt("iss"))
                && container.equals(claims.opt("aud"))
                && ends > now - LEEWAY.toSeconds()
                && ends <= soon + LIFE.toSeconds()
                && claims.optLong("nbf", now) <= soon
                && claims.optLong("iat", now) <= soon;
    }

    /**
     * Verifies a well-formed proof by nobody, because the first verification of a JVM takes ten
     * times as long as the next.
     *
     * @throws IllegalStateException when that proof holds
     */
    public void warmUp() {
        var base64 = Base64.getUrlEncoder().withoutPadding();
        var signature = new byte[(bridgeKey.getModulus().bitLength() + Byte.SIZE - 1) / Byte.SIZE];
        signature[signature.length - 1] = 2; // below the modulus: the whole calculation is done
        var claims = "{\"iss\":\"" + ISSUER + "\",\"aud\":\"nobody\",\"exp\":1}";
        var proof =
                base64.encodeToString("{\"alg\":\"RS256\"}".getBytes(StandardCharsets.UTF_8))
                        + "."
                        + base64.encodeToString(claims.getBytes(StandardCharsets.UTF_8))
                        + "."
                        + base64.encodeToString(signature);
        try {
            if (holds(proof) || fits(StrictJson.object(claims), ISSUER)) {
                throw new IllegalStateException("a proof signed by nobody was accepted");
            }
        } catch (NotJson e) {
            throw new IllegalStateException("claims cannot be read", e);
        }
    }
}
