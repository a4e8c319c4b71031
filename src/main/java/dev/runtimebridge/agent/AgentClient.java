package dev.runtimebridge.agent;

import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.secret.Secret;

/**
 * What the bridge asks of an agent. Calls block, are bounded in time and in bytes read, and follow
 * no redirect.
 */
public interface AgentClient {
    /**
     * This container has an address and its agent will be called soon: what the calls take that can
     * be made beforehand is made now. Asks nobody.
     */
    void expect(ContainerRef ref);

    /**
     * Whether this container's agent answers at this address.
     *
     * @throws AgentException when nobody does, or somebody else
     */
    void ping(ContainerRef ref, Address address);

    /**
     * Hands the agent its API key and takes the SSH credentials. Repeating it with the same key
     * gives the same answer.
     *
     * @throws AgentException when the agent refuses, or answers with anything but credentials
     */
    Credentials init(ContainerRef ref, Address address, Secret apiKey);
}
