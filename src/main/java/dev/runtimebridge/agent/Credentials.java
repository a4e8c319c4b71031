package dev.runtimebridge.agent;

import dev.runtimebridge.secret.Secret;

/**
 * How to log in to a container, as its agent told at init.
 *
 * @param user login name
 * @param authType {@code password}; the wire leaves room for others
 * @param auth the password
 * @param port of the SSH server; 22 where an older agent does not say
 * @param hostKey the server's public key as OpenSSH writes it; empty where an older agent does not
 *     say
 */
public record Credentials(String user, String authType, Secret auth, int port, String hostKey) {}
