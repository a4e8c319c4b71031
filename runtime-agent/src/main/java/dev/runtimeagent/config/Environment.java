package dev.runtimeagent.config;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Reads typed values out of environment variables and collects what is wrong with them. */
final class Environment {
    private static final int LEAST_RSA_BITS = 2048;
    private static final int MOST_RSA_BITS = 4096;

    private final Map<String, String> variables;
    private final List<String> faults = new ArrayList<>();

    Environment(Map<String, String> variables) {
        this.variables = Map.copyOf(variables);
    }

    /**
     * @throws InvalidSettings when anything read so far was wrong
     */
    void refuseFaults() {
        if (!faults.isEmpty()) {
            throw new InvalidSettings(faults);
        }
    }

    @Nullable String text(String key) {
        return read(key, "a value", Function.identity());
    }

    String text(String key, String otherwise) {
        return optional(key).orElse(otherwise);
    }

    Optional<String> optional(String key) {
        return Optional.ofNullable(variables.get(key))
                .map(String::strip)
                .filter(value -> !value.isEmpty());
    }

    @Nullable Path folder(String key) {
        return read(key, "an absolute path", Environment::absolute);
    }

    @Nullable Path path(String key, @Nullable Path otherwise) {
        return optional(key).isPresent()
                ? read(key, "an absolute path", Environment::absolute)
                : otherwise;
    }

    /** A TCP port; 0 lets the system choose. */
    int port(String key, int otherwise) {
        var port =
                optional(key).isEmpty()
                        ? Integer.valueOf(otherwise)
                        : read(key, "a port number, 0 to 65535", Environment::portNumber);
        return port == null ? otherwise : port;
    }

    @Nullable InetAddress address(String key, String otherwise) {
        return parse(key, text(key, otherwise), "an IP address", InetAddress::ofLiteral);
    }

    @Nullable URI url(String key) {
        return read(key, "an http:// or https:// address without path", Environment::origin);
    }

    <E extends Enum<E>> E choice(String key, Class<E> type, E otherwise) {
        var names =
                Arrays.stream(type.getEnumConstants())
                        .map(value -> value.name().toLowerCase(Locale.ROOT))
                        .toList();
        var chosen =
                parse(
                        key,
                        text(key, otherwise.name().toLowerCase(Locale.ROOT)),
                        "one of " + String.join(", ", names),
                        value -> Enum.valueOf(type, value.toUpperCase(Locale.ROOT)));
        return chosen == null ? otherwise : chosen;
    }

    AllowedOrigins origins(String key) {
        Set<String> origins = new TreeSet<>();
        for (var origin : optional(key).orElse("").split(",", -1)) {
            if (!origin.isBlank()) {
                var url =
                        parse(
                                key,
                                origin.strip(),
                                "origins like https://ide.example.org",
                                Environment::origin);
                if (url != null) {
                    origins.add(url.toString());
                }
            }
        }
        return new AllowedOrigins(origins);
    }

    Optional<SourceTemplate> sourceTemplate(String key) {
        return optional(key)
                .map(
                        value ->
                                parse(
                                        key,
                                        value,
                                        "an http:// or https:// address with {field} in its path"
                                                + " only",
                                        SourceTemplate::new));
    }

    @Nullable RSAPublicKey rsaKey(String key) {
        return read(
                key,
                "the base64 of an RSA SubjectPublicKeyInfo, 2048 to 4096 bits",
                Environment::rsa);
    }

    private <T> @Nullable T read(String key, String expected, Function<String, T> parser) {
        var value = optional(key);
        if (value.isEmpty()) {
            faults.add(key + " is not set; set it to " + expected);
            return null;
        }
        return parse(key, value.get(), expected, parser);
    }

    private <T> @Nullable T parse(
            String key, String value, String expected, Function<String, T> parser) {
        try {
            return parser.apply(value);
        } catch (IllegalArgumentException e) {
            faults.add(key + " is \"" + value + "\"; set it to " + expected);
            return null;
        }
    }

    private static Path absolute(String value) {
        var path = Path.of(value);
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException("relative");
        }
        return path.normalize();
    }

    private static Integer portNumber(String value) {
        var port = Integer.valueOf(value);
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("out of range");
        }
        return port;
    }

    private static URI origin(String value) {
        var url = URI.create(value.endsWith("/") ? value.substring(0, value.length() - 1) : value);
        var web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (!web
                || url.getHost() == null
                || !url.getRawPath().isEmpty()
                || url.getRawQuery() != null
                || url.getRawFragment() != null
                || url.getRawUserInfo() != null) {
            throw new IllegalArgumentException("not an origin");
        }
        return url;
    }

    private static RSAPublicKey rsa(String value) {
        try {
            var encoded = new X509EncodedKeySpec(Base64.getDecoder().decode(value));
            var key = (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(encoded);
            int bits = key.getModulus().bitLength();
            if (bits < LEAST_RSA_BITS || bits > MOST_RSA_BITS) {
                throw new IllegalArgumentException("too small to be safe, or too large to be fast");
            }
            return key;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
