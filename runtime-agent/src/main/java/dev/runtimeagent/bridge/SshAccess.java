package dev.runtimeagent.bridge;

import dev.runtimeagent.secret.Secret;

/**
 * The bridge's answer to how to log in to this container over SSH. The {@code why} texts are fit
 * for the caller's eyes.
 */
public sealed interface SshAccess {
    /**
     * Where and how to log in.
     *
     * @param host the container's address as the bridge knows it
     * @param port TCP port of the SSH server; 22 where the bridge names none
     * @param hostKey the server's public key as OpenSSH writes it ({@code ssh-ed25519 AAAA...});
     *     empty where the bridge names none, and then the agent knows its own server's key
     */
    record Granted(String host, int port, String user, Secret password, String hostKey)
            implements SshAccess {
        public Granted {
            if (host.isBlank() || user.isBlank()) {
                throw new IllegalArgumentException("SSH access needs a host and a user");
            }
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException("SSH port " + port + " is not in 1..65535");
            }
        }
    }

    /** The bridge does not know the API key, or the container is not in an available state. */
    record Refused(String why) implements SshAccess {}

    /** The bridge gave no usable answer, or init has not happened; asking later can help. */
    record Unavailable(String why) implements SshAccess {}
}
