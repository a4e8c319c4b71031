package dev.runtimebridge.http;

import dev.runtimebridge.agent.Login;
import dev.runtimebridge.secret.Secret;

/** Opens the sealed password of a container's login. */
@FunctionalInterface
public interface Passwords {
    /**
     * The password in clear, for its owner or agent only.
     *
     * @throws IllegalStateException when it cannot be opened: wrong or missing key
     */
    Secret open(Login login);
}
