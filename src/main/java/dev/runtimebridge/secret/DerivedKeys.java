package dev.runtimebridge.secret;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Keys that all bridges of an installation derive alike from the master key, one per purpose. */
public final class DerivedKeys {
    private final SecretKeySpec master;

    /** Derives from {@code master}, the master of {@link ApiKeys}. */
    public DerivedKeys(byte[] master) {
        this.master = new SecretKeySpec(master, "HmacSHA256");
    }

    /** 32 bytes for one purpose. */
    byte[] key(String purpose) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(master);
            return mac.doFinal(("key for " + purpose).getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    /** What a gateway shows the bridge with each question: 43 characters of base64url. */
    public Secret gatewayKey() {
        return new Secret(
                Base64.getUrlEncoder().withoutPadding().encodeToString(key("the gateway")));
    }
}
