package dev.runtimeagent.init;

import dev.runtimeagent.secret.Secret;
import dev.runtimeagent.ssh.Login;

/**
 * What init settled: the key that names this container to the bridge, and the login of its SSH
 * server.
 */
public record Identity(Secret apiKey, Login login) {}
