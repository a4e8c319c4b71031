package dev.runtimebridge.launch;

import dev.runtimebridge.allocation.Allocation;
import dev.runtimebridge.provider.Address;

import java.util.Optional;

/** An allocation as its owner sees it: with the address of its container once there is one. */
public record Claim(Allocation allocation, Optional<Address> address) {}
