package dev.runtimebridge.emulator.wire;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.runtimebridge.emulator.region.AwsException;
import dev.runtimebridge.emulator.region.Region;
import dev.runtimebridge.emulator.script.Cluster;

import java.util.List;

/** DescribeClusters. Source: DescribeClusters and Cluster of the ECS API reference. */
final class ClusterActions {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MOST_AT_ONCE = 100;

    private final Region region;
    private final TaskListing listing;

    ClusterActions(Region region, TaskListing listing) {
        this.region = region;
        this.listing = listing;
    }

    ObjectNode describe(Members request) {
        var named = request.texts("clusters");
        if (named.size() > MOST_AT_ONCE) {
            throw AwsException.invalid("Clusters cannot have more than 100 elements.");
        }
        var answer = NODES.objectNode();
        var found = answer.putArray("clusters");
        var failures = answer.putArray("failures");
        for (var each : named.isEmpty() ? List.of("default") : named) {
            var name = each.substring(each.lastIndexOf('/') + 1);
            region.scenario().clusters().stream()
                    .filter(cluster -> cluster.name().equals(name))
                    .findFirst()
                    .ifPresentOrElse(
                            cluster -> found.add(json(cluster)),
                            () ->
                                    failures.addObject()
                                            .put("arn", region.arn("cluster/" + name))
                                            .put("reason", "MISSING"));
        }
        return answer;
    }

    private ObjectNode json(Cluster cluster) {
        var json = NODES.objectNode();
        json.put("clusterArn", region.arn("cluster/" + cluster.name()));
        json.put("clusterName", cluster.name());
        json.put("status", cluster.active() ? "ACTIVE" : "INACTIVE");
        json.put("registeredContainerInstancesCount", 0);
        var providers = json.putArray("capacityProviders");
        cluster.capacityProviders().forEach(providers::add);
        json.putArray("defaultCapacityProviderStrategy");
        listing.count(cluster.name(), json);
        return json;
    }
}
