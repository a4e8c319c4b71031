package dev.runtimebridge.agent;

import dev.runtimebridge.allocation.ContainerId;
import dev.runtimebridge.secret.Sealed;

/** A container's SSH credentials as they are stored; see {@link Credentials} for the fields. */
public record Login(
        ContainerId container,
        String user,
        String authType,
        Sealed auth,
        int port,
        String hostKey) {}
