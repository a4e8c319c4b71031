package dev.runtimeagent.ssh;

import dev.runtimeagent.secret.Secret;

/** The one login that the container's SSH server lets in. */
public record Login(String user, Secret password) {
    public Login {
        if (user.isBlank()) {
            throw new IllegalArgumentException("a login needs a user name");
        }
    }
}
