package dev.runtimebridge.auth;

import dev.runtimebridge.agent.Login;
import dev.runtimebridge.allocation.Allocation;
import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.ContainerRef;

import java.util.Optional;

/** Finds the container an agent speaks for. */
public interface AgentDirectory {
    /** The container whose API key has this hash (hex SHA-256), while its allocation is ACTIVE. */
    Optional<KnownAgent> byApiKeyHash(String apiKeyHash);

    /** A container that is in use. */
    record KnownAgent(ContainerRef ref, Address address, Allocation allocation, Login login) {}
}
