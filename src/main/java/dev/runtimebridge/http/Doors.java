package dev.runtimebridge.http;

import dev.runtimebridge.allocation.Allocation;
import dev.runtimebridge.allocation.AllocationState;
import dev.runtimebridge.gateway.GatewayLinks;
import dev.runtimebridge.http.wire.ContainerAnswer;
import dev.runtimebridge.launch.Claim;
import dev.runtimebridge.provider.Address;

import java.util.Optional;

/** Containers as their owners see them, with their addresses at the gateway where there is one. */
final class Doors {
    private final Optional<GatewayLinks> links;

    Doors(Optional<GatewayLinks> links) {
        this.links = links;
    }

    ContainerAnswer answer(Claim claim) {
        var allocation = claim.allocation();
        var answer = ContainerAnswer.of(allocation, claim.address());
        if (links.isEmpty()
                || claim.address().isEmpty()
                || allocation.state() != AllocationState.ACTIVE) {
            return answer;
        }
        return answer.at(
                links.get().port(allocation.id(), claim.address().get().port()).toString(), null);
    }

    /** With a link that lets the owner's browser in. */
    ContainerAnswer launched(Allocation allocation, Address address) {
        var answer = ContainerAnswer.of(allocation, Optional.of(address));
        if (links.isEmpty()) {
            return answer;
        }
        var id = allocation.id();
        return answer.at(
                links.get().port(id, address.port()).toString(),
                links.get().handOver(id, allocation.owner(), address.port()).toString());
    }
}
