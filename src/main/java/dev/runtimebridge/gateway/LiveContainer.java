package dev.runtimebridge.gateway;

import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.ContainerRef;

/** The container of an ACTIVE allocation: all that deciding about it needs. */
public record LiveContainer(AllocationId id, UserId owner, ContainerRef ref, Address agent) {}
