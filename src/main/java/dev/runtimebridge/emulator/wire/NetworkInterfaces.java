package dev.runtimebridge.emulator.wire;

import dev.runtimebridge.emulator.region.AwsException;
import dev.runtimebridge.emulator.region.Region;
import dev.runtimebridge.emulator.region.Task;
import dev.runtimebridge.emulator.region.TaskRunner;
import dev.runtimebridge.emulator.region.TaskStatus;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The network interfaces of tasks, from their appearance to the end of DEPROVISIONING. Source:
 * DescribeNetworkInterfaces and NetworkInterface of the EC2 API reference.
 */
final class NetworkInterfaces {
    private final Region region;
    private final Filters<Task> filters;

    NetworkInterfaces(Region region) {
        this.region = region;
        this.filters =
                new Filters<>(
                        Map.of(
                                "network-interface-id",
                                task -> Stream.of(task.networkInterface()),
                                "subnet-id",
                                task -> Stream.of(task.subnet().id()),
                                "vpc-id",
                                _ -> Stream.of(region.scenario().vpc()),
                                "group-id",
                                task -> task.order().securityGroups().stream(),
                                "private-ip-address",
                                task -> Stream.of(place(task).privateIp()),
                                "addresses.private-ip-address",
                                task -> Stream.of(place(task).privateIp()),
                                "association.public-ip",
                                task -> Stream.of(place(task).publicIp()),
                                "status",
                                _ -> Stream.of("in-use")));
    }

    List<Task> find(QueryParameters request) {
        var ids = request.list("NetworkInterfaceId");
        if (!ids.isEmpty() && request.number("MaxResults").isPresent()) {
            throw AwsException.client(
                    "InvalidParameterCombination",
                    "The parameter NetworkInterfaceIds cannot be used with the parameter"
                            + " MaxResults");
        }
        return Filters.named(
                        ids,
                        present(),
                        Task::networkInterface,
                        "InvalidNetworkInterfaceID.NotFound",
                        "The networkInterface ID '%s' does not exist")
                .stream()
                .filter(filters.of(request))
                .toList();
    }

    void write(Xml xml, Task task) {
        var place = place(task);
        xml.text("networkInterfaceId", task.networkInterface())
                .text("subnetId", task.subnet().id())
                .text("vpcId", region.scenario().vpc())
                .text("availabilityZone", task.subnet().zone())
                .text("description", "arn:aws:ecs:attachment/" + task.attachment())
                .text("ownerId", region.scenario().account())
                .text("requesterManaged", true)
                .text("status", "in-use")
                .text("macAddress", task.mac())
                .text("privateIpAddress", place.privateIp())
                .text("interfaceType", "interface")
                .items(
                        "groupSet",
                        task.order().securityGroups(),
                        (item, id) -> item.text("groupId", id).text("groupName", id));
        if (!place.publicIp().isEmpty()) {
            xml.element(
                    "association",
                    it -> it.text("publicIp", place.publicIp()).text("ipOwnerId", "amazon"));
        }
    }

    private List<Task> present() {
        return region.visible().stream()
                .filter(task -> task.state().place() != null)
                .filter(task -> task.state().last() != TaskStatus.STOPPED)
                .toList();
    }

    private static TaskRunner.Place place(Task task) {
        return Objects.requireNonNull(task.state().place());
    }
}
