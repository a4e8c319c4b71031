package dev.runtimebridge.config;

import dev.runtimebridge.secret.Secret;

import java.net.URI;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;

/** The settings about users' tokens. */
final class UserKeys {
    enum AuthMode {
        SECRET,
        PUBLIC_KEY,
        JWKS,
        REMOTE
    }

    enum JwtAlgorithm {
        HS256,
        RS256,
        ES256
    }

    static final Key<AuthMode> AUTH_MODE =
            Key.of(
                    "AUTH_MODE",
                    Kinds.oneOf(AuthMode.class),
                    "How users' tokens are verified. `secret`: with JWT_SECRET. `public-key`: with"
                        + " JWT_PUBLIC_KEY. `jwks`: with the keys at JWKS_URL. `remote`: by asking"
                        + " API_URL, as the first bridge did. Required, unless API_URL is set,"
                        + " which alone means `remote`.");
    static final Key<JwtAlgorithm> JWT_ALGORITHM =
            Key.of(
                    "JWT_ALGORITHM",
                    Kinds.oneOf(JwtAlgorithm.class, JwtAlgorithm::name),
                    "The one algorithm that tokens may be signed with: HS256 for `secret`, RS256 or"
                            + " ES256 for `public-key` and `jwks`. By default HS256 for `secret`,"
                            + " else RS256. What a token itself says is never believed.");
    static final Key<Secret> JWT_SECRET =
            Key.secret(
                    "JWT_SECRET",
                    Kinds.signingSecret(),
                    "The secret shared with the tokens' issuer, at least 32 bytes. Required for"
                            + " `secret`.");
    static final Key<PublicKey> JWT_PUBLIC_KEY =
            Key.of(
                    "JWT_PUBLIC_KEY",
                    KeyKinds.publicKey(),
                    "The issuer's public key: PEM (in one line, with \\n between), base64, or"
                            + " @/path/to/file. Required for `public-key`.");
    static final Key<URI> JWKS_URL =
            Key.of(
                    "JWKS_URL",
                    Kinds.url(),
                    "Where the issuer publishes its keys; https unless every network between is"
                            + " trusted. Required for `jwks`.");
    static final Key<URI> API_URL =
            Key.of(
                    "API_URL",
                    Kinds.url(),
                    "The service whose /auth/token knows about tokens; https unless every network"
                            + " between is trusted. Required for `remote`.");
    static final Key<String> JWT_ISSUER =
            Key.of(
                    "JWT_ISSUER",
                    Kinds.text("an issuer"),
                    "What `iss` of a token must be. By default not checked. Not for `remote`.");
    static final Key<String> JWT_AUDIENCE =
            Key.of(
                    "JWT_AUDIENCE",
                    Kinds.text("an audience"),
                    "What `aud` of a token must name. By default not checked. Not for `remote`.");
    static final Key<String> JWT_USER_CLAIM =
            Key.of(
                    "JWT_USER_CLAIM",
                    Kinds.text("the name of a claim"),
                    "userId",
                    "The claim that names the user, text or a number. There is no second choice"
                            + " when a token lacks it; most standard issuers want `sub` here.");
    static final Key<String> JWT_EMAIL_CLAIM =
            Key.of(
                    "JWT_EMAIL_CLAIM",
                    Kinds.text("the name of a claim"),
                    "email",
                    "The claim with the user's email address, which may be absent.");
    static final Key<String> JWT_ROLES_CLAIM =
            Key.of(
                    "JWT_ROLES_CLAIM",
                    Kinds.text("the name of a claim"),
                    "roles",
                    "The claim with the user's roles, a list or words separated by spaces, which"
                            + " may be absent.");
    static final Key<String> ADMIN_ROLE =
            Key.of(
                    "ADMIN_ROLE",
                    Kinds.text("the name of a role"),
                    "admin",
                    "The role that makes a user an administrator, who may change the catalogue.");
    static final Key<Duration> JWT_LEEWAY =
            Key.of(
                    "JWT_LEEWAY",
                    Kinds.duration(Duration.ZERO, Duration.ofMinutes(2)),
                    "5s",
                    "How far the issuer's clock may be off.");

    /** Everything about users' tokens. */
    static final List<Key<?>> ALL =
            List.of(
                    AUTH_MODE,
                    JWT_ALGORITHM,
                    JWT_SECRET,
                    JWT_PUBLIC_KEY,
                    JWKS_URL,
                    API_URL,
                    JWT_ISSUER,
                    JWT_AUDIENCE,
                    JWT_USER_CLAIM,
                    JWT_EMAIL_CLAIM,
                    JWT_ROLES_CLAIM,
                    ADMIN_ROLE,
                    JWT_LEEWAY);

    private UserKeys() {}
}
