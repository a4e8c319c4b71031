package dev.runtimebridge.provider.fargate;

import software.amazon.awssdk.services.ec2.model.DescribeNetworkInterfacesRequest;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the public addresses of network interfaces, many by one call. By a filter, because a call
 * that names an interface that is gone fails as a whole; an absent one is just left out.
 */
final class PublicAddresses {
    /** EC2 takes no more values of a filter; from the EC2 API reference, Filter. */
    private static final int MOST_PER_CALL = 200;

    private final AwsClients clients;
    private final AwsCalls calls;

    PublicAddresses(AwsClients clients, AwsCalls calls) {
        this.clients = clients;
        this.calls = calls;
    }

    /** By interface; those without one are left out. */
    Map<String, String> of(Collection<String> interfaces) {
        Map<String, String> found = new HashMap<>();
        var all = new ArrayList<>(interfaces);
        for (int from = 0; from < all.size(); from += MOST_PER_CALL) {
            var some = all.subList(from, Math.min(all.size(), from + MOST_PER_CALL));
            for (var one : describe(List.copyOf(some))) {
                var association = one.association();
                if (association != null && association.publicIp() != null) {
                    found.put(one.networkInterfaceId(), association.publicIp());
                }
            }
        }
        return found;
    }

    private List<NetworkInterface> describe(List<String> interfaces) {
        var request =
                DescribeNetworkInterfacesRequest.builder()
                        .filters(
                                Filter.builder()
                                        .name("network-interface-id")
                                        .values(interfaces)
                                        .build())
                        .build();
        return calls.call(
                AwsAction.DESCRIBE_NETWORK_INTERFACES,
                () -> clients.ec2().describeNetworkInterfaces(request).networkInterfaces());
    }
}
