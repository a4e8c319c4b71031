package dev.runtimebridge.config;

import dev.runtimebridge.auth.AuthSettings;
import dev.runtimebridge.auth.AuthSettings.KeyAlgorithm;
import dev.runtimebridge.config.UserKeys.JwtAlgorithm;

import java.net.URI;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads how users' tokens are verified. */
final class AuthConfig {
    private AuthConfig() {}

    static Supplier<AuthSettings> read(Reading reading) {
        var user = reading.withDefault(UserKeys.JWT_USER_CLAIM);
        var email = reading.withDefault(UserKeys.JWT_EMAIL_CLAIM);
        var roles = reading.withDefault(UserKeys.JWT_ROLES_CLAIM);
        var issuer = reading.optional(UserKeys.JWT_ISSUER);
        var audience = reading.optional(UserKeys.JWT_AUDIENCE);
        var leeway = reading.withDefault(UserKeys.JWT_LEEWAY);
        var mode = mode(reading);
        return () ->
                new AuthSettings(
                        mode.get(),
                        new AuthSettings.ClaimNames(user.get(), email.get(), roles.get()),
                        issuer,
                        audience,
                        leeway.get());
    }

    private static Supplier<AuthSettings.Mode> mode(Reading reading) {
        boolean asTheFirstBridge =
                !reading.present(UserKeys.AUTH_MODE) && reading.present(UserKeys.API_URL);
        if (asTheFirstBridge) {
            return remote(reading);
        }
        var unknown = reading.required(UserKeys.AUTH_MODE, "who verifies tokens?");
        return switch (reading.optional(UserKeys.AUTH_MODE).orElse(null)) {
            case SECRET -> secret(reading);
            case PUBLIC_KEY -> publicKey(reading);
            case JWKS -> jwks(reading);
            case REMOTE -> remote(reading);
            case null ->
                    () -> {
                        throw new IllegalStateException("AUTH_MODE is at fault: " + unknown);
                    };
        };
    }

    private static Supplier<AuthSettings.Mode> secret(Reading reading) {
        var secret = reading.required(UserKeys.JWT_SECRET, "AUTH_MODE is secret");
        var algorithm = reading.optional(UserKeys.JWT_ALGORITHM).orElse(JwtAlgorithm.HS256);
        if (algorithm != JwtAlgorithm.HS256) {
            reading.fault(UserKeys.JWT_ALGORITHM, "is " + algorithm + " while AUTH_MODE is secret");
        }
        return () -> new AuthSettings.Mode.SharedSecret(secret.get());
    }

    private static Supplier<AuthSettings.Mode> publicKey(Reading reading) {
        var algorithm = keyAlgorithm(reading, "public-key");
        reading.required(UserKeys.JWT_PUBLIC_KEY, "AUTH_MODE is public-key");
        var key = reading.optional(UserKeys.JWT_PUBLIC_KEY);
        key.flatMap(k -> misfit(k, algorithm))
                .ifPresent(why -> reading.fault(UserKeys.JWT_PUBLIC_KEY, why));
        return () -> new AuthSettings.Mode.FixedKey(algorithm, key.orElseThrow());
    }

    private static Supplier<AuthSettings.Mode> jwks(Reading reading) {
        var algorithm = keyAlgorithm(reading, "jwks");
        var url = reading.required(UserKeys.JWKS_URL, "AUTH_MODE is jwks");
        return () -> new AuthSettings.Mode.Jwks(algorithm, url.get());
    }

    private static Supplier<AuthSettings.Mode> remote(Reading reading) {
        var url = reading.required(UserKeys.API_URL, "AUTH_MODE is remote");
        for (var unchecked :
                List.of(UserKeys.JWT_ISSUER, UserKeys.JWT_AUDIENCE, UserKeys.JWT_ALGORITHM)) {
            if (reading.present(unchecked)) {
                reading.fault(unchecked, "cannot be checked while API_URL verifies the tokens");
            }
        }
        return () -> new AuthSettings.Mode.Remote(withPath(url.get(), "/auth/token"));
    }

    private static URI withPath(URI base, String path) {
        var text = base.toString();
        return URI.create(
                (text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + path);
    }

    private static KeyAlgorithm keyAlgorithm(Reading reading, String mode) {
        return switch (reading.optional(UserKeys.JWT_ALGORITHM).orElse(JwtAlgorithm.RS256)) {
            case RS256 -> KeyAlgorithm.RS256;
            case ES256 -> KeyAlgorithm.ES256;
            case HS256 -> {
                reading.fault(UserKeys.JWT_ALGORITHM, "is HS256 while AUTH_MODE is " + mode);
                yield KeyAlgorithm.RS256;
            }
        };
    }

    private static Optional<String> misfit(PublicKey key, KeyAlgorithm algorithm) {
        if (algorithm.fits(key)) {
            return Optional.empty();
        }
        return switch (algorithm) {
            case RS256 ->
                    Optional.of(
                            key instanceof RSAPublicKey
                                    ? "has fewer than " + KeyAlgorithm.LEAST_RSA_BITS + " bits"
                                    : "is not an RSA key while JWT_ALGORITHM is RS256");
            case ES256 -> Optional.of("is not a P-256 key while JWT_ALGORITHM is ES256");
        };
    }
}
