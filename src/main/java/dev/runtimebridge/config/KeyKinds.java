package dev.runtimebridge.config;

import dev.runtimebridge.config.Kind.Unfit;
import dev.runtimebridge.secret.BridgeKey;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The kinds of values that are keys. None of their faults repeats any part of a key. */
final class KeyKinds {
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.+?)-----END \\1-----", Pattern.DOTALL);
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9_.-]{1,32}");
    private static final long LONGEST_FILE_BYTES = 64 * 1024;
    private static final int SEALING_KEY_BYTES = 32;

    private KeyKinds() {}

    static Kind<KeyBytes> master() {
        return new Kind<>(
                "base64 of at least "
                        + Kinds.LEAST_SECRET_BYTES
                        + " random bytes; `./bridge keys` makes one",
                text -> {
                    var bytes = base64(text);
                    Kinds.refuseWeak(bytes);
                    return new KeyBytes(bytes);
                });
    }

    static Kind<SealingKeys> sealing() {
        return new Kind<>(
                "id:base64 of 32 random bytes, more of them after commas; `./bridge keys` makes"
                        + " one",
                text -> {
                    var keys = new LinkedHashMap<String, KeyBytes>();
                    for (var entry : text.split(",", -1)) {
                        int colon = entry.indexOf(':');
                        if (colon < 0) {
                            throw new Unfit("key " + (keys.size() + 1) + " has no id");
                        }
                        var id = entry.substring(0, colon).strip();
                        if (!KEY_ID.matcher(id).matches()) {
                            throw new Unfit(
                                    "the id of key "
                                            + (keys.size() + 1)
                                            + " has other characters than letters, digits, _ . -");
                        }
                        var bytes = base64(entry.substring(colon + 1).strip());
                        if (bytes.length != SEALING_KEY_BYTES) {
                            throw new Unfit(
                                    "key " + (keys.size() + 1) + " has " + bytes.length + " bytes");
                        }
                        Kinds.refuseWeak(bytes);
                        if (keys.put(id, new KeyBytes(bytes)) != null) {
                            throw new Unfit("two keys have the same id");
                        }
                    }
                    return new SealingKeys(keys.firstEntry().getKey(), keys);
                });
    }

    static Kind<BridgeKey> bridgeKey() {
        return new Kind<>(
                "an RSA private key of "
                        + BridgeKey.LEAST_BITS
                        + " to "
                        + BridgeKey.MOST_BITS
                        + " bits in PKCS#8, as PEM, base64 or @file; `./bridge keys` makes one",
                text -> {
                    var key =
                            privateKey("RSA", text)
                                    .orElseThrow(
                                            () ->
                                                    new Unfit(
                                                            onEllipticCurve(text)
                                                                    ? "it is on an elliptic curve,"
                                                                            + " as earlier versions"
                                                                            + " had it"
                                                                    : "it is not an RSA key"));
                    if (!(key instanceof RSAPrivateCrtKey pair)) {
                        throw new Unfit("it lacks its public half");
                    }
                    try {
                        return BridgeKey.of(pair);
                    } catch (IllegalArgumentException e) {
                        throw new Unfit(String.valueOf(e.getMessage()));
                    }
                });
    }

    /** Whether {@code text} is a private key of the kind that earlier versions signed with. */
    static boolean onEllipticCurve(String text) {
        return privateKey("EC", text).isPresent();
    }

    private static Optional<PrivateKey> privateKey(String type, String text) {
        var spec = new PKCS8EncodedKeySpec(der(text, "PRIVATE KEY"));
        try {
            return Optional.of(KeyFactory.getInstance(type).generatePrivate(spec));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    static Kind<PublicKey> publicKey() {
        return new Kind<>(
                "an RSA or P-256 public key (SubjectPublicKeyInfo), as PEM, base64 or @file",
                text -> {
                    var spec = new X509EncodedKeySpec(der(text, "PUBLIC KEY"));
                    for (var type : List.of("RSA", "EC")) {
                        try {
                            return KeyFactory.getInstance(type).generatePublic(spec);
                        } catch (GeneralSecurityException e) {
                            // the other type, then
                        }
                    }
                    throw new Unfit("it is neither an RSA nor an elliptic curve key");
                });
    }

    /** What is inside of a PEM block, or of bare base64; of a file where the text begins with @. */
    private static byte[] der(String text, String label) {
        // in a .env file the lines of a PEM block may be written in one, with \n between
        var content = (text.startsWith("@") ? file(text.substring(1)) : text).replace("\\n", "\n");
        var pem = PEM.matcher(content);
        if (!pem.find()) {
            return base64(content.replaceAll("\\s", ""));
        }
        if (!pem.group(1).equals(label)) {
            throw new Unfit("it holds a " + pem.group(1) + ", not a " + label);
        }
        return base64(pem.group(2).replaceAll("\\s", ""));
    }

    private static String file(String name) {
        try {
            var path = Path.of(name);
            if (Files.size(path) > LONGEST_FILE_BYTES) {
                throw new Unfit("the file " + name + " is too large for a key");
            }
            return Files.readString(path);
        } catch (IOException e) {
            throw new Unfit("the file " + name + " cannot be read");
        }
    }

    private static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new Unfit("it is not base64");
        }
    }
}
