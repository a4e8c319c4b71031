package dev.runtimebridge.emulator.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.runtimebridge.emulator.region.Region;
import dev.runtimebridge.emulator.region.Task;
import dev.runtimebridge.emulator.region.TaskRunner;
import dev.runtimebridge.emulator.region.TaskState;
import dev.runtimebridge.emulator.region.TaskStatus;
import dev.runtimebridge.emulator.script.Scenario.AddressShown;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;

/**
 * Tasks as ECS writes them. Source: Task, Attachment and Container of the ECS API reference;
 * attachment states of "Amazon ECS task networking for Fargate".
 */
final class TaskJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MILLIS = 3;

    private final Region region;
    private final Definitions definitions;

    TaskJson(Region region, Definitions definitions) {
        this.region = region;
        this.definitions = definitions;
    }

    /** How times are written. */
    enum Times {
        /** Seconds since 1970, as the API has them. */
        EPOCH,
        /** ISO 8601, as events have them. */
        ISO
    }

    /** The task as it was in that state. */
    ObjectNode of(Task task, TaskState state, Times times, boolean withTags) {
        var order = task.order();
        var definition = order.definition();
        var json = NODES.objectNode();
        json.put("taskArn", task.arn());
        json.put("clusterArn", region.arn("cluster/" + order.cluster()));
        json.put("taskDefinitionArn", definitions.arn(definition));
        json.put("lastStatus", state.last().name());
        json.put("desiredStatus", state.wanted() ? "RUNNING" : "STOPPED");
        json.put("launchType", "FARGATE");
        if (!order.byLaunchType()) {
            json.put("capacityProviderName", task.provider());
        }
        json.put("platformVersion", "1.4.0");
        json.put("platformFamily", "Linux");
        json.put("availabilityZone", task.subnet().zone());
        json.put("cpu", Integer.toString(definition.cpu()));
        json.put("memory", Integer.toString(definition.memory()));
        json.put("group", order.group());
        if (!order.startedBy().isEmpty()) {
            json.put("startedBy", order.startedBy());
        }
        json.put("version", state.version());
        json.put("enableExecuteCommand", order.executeCommand());
        json.put("healthStatus", "UNKNOWN");
        if (state.place() != null) {
            json.put("connectivity", "CONNECTED");
        }
        state.times().forEach((moment, when) -> time(json, moment.field(), when, times));
        var stop = state.stop();
        if (stop != null) {
            json.put("stopCode", stop.code());
            json.put("stoppedReason", stop.reason());
        }
        json.set("attachments", NODES.arrayNode().add(attachment(task, state)));
        json.set("containers", NODES.arrayNode().add(container(task, state)));
        json.set("overrides", order.overrides() == null ? NODES.objectNode() : order.overrides());
        json.set("tags", withTags ? tags(order.tags()) : NODES.arrayNode());
        json.set("ephemeralStorage", NODES.objectNode().put("sizeInGiB", 20));
        return json;
    }

    private ObjectNode attachment(Task task, TaskState state) {
        var json = NODES.objectNode();
        json.put("id", task.attachment());
        json.put("type", "ElasticNetworkInterface");
        json.put("status", attachmentStatus(state));
        var details = json.putArray("details");
        detail(details, "subnetId", task.subnet().id());
        var place = state.place();
        if (place != null) {
            detail(details, "networkInterfaceId", task.networkInterface());
            detail(details, "macAddress", task.mac());
            detail(
                    details,
                    "privateDnsName",
                    "ip-" + place.privateIp().replace('.', '-') + ".ec2.internal");
            if (shown() != AddressShown.CONTAINER) {
                detail(details, "privateIPv4Address", place.privateIp());
            }
        }
        return json;
    }

    private static String attachmentStatus(TaskState state) {
        if (state.last().compareTo(TaskStatus.DEPROVISIONING) >= 0) {
            return state.last() == TaskStatus.STOPPED ? "DELETED" : "DETACHING";
        }
        return state.place() == null ? "PRECREATED" : "ATTACHED";
    }

    private ObjectNode container(Task task, TaskState state) {
        var definition = task.order().definition();
        var json = NODES.objectNode();
        json.put(
                "containerArn",
                region.arn(
                        "container/"
                                + task.order().cluster()
                                + "/"
                                + task.id()
                                + "/"
                                + task.attachment()));
        json.put("taskArn", task.arn());
        json.put("name", definition.container());
        json.put("image", definition.image());
        json.put("lastStatus", containerStatus(state));
        json.put("healthStatus", "UNKNOWN");
        json.put("cpu", "0");
        if (state.exitCode() != null) {
            json.put("exitCode", state.exitCode());
        }
        if (!state.exitReason().isEmpty()) {
            json.put("reason", state.exitReason());
        }
        var interfaces = json.putArray("networkInterfaces");
        var address = address(state.place());
        if (address != null) {
            interfaces
                    .addObject()
                    .put("attachmentId", task.attachment())
                    .put("privateIpv4Address", address);
        }
        return json;
    }

    private @Nullable String address(TaskRunner.@Nullable Place place) {
        return place == null || shown() == AddressShown.ATTACHMENT ? null : place.privateIp();
    }

    private AddressShown shown() {
        return region.scenario().address();
    }

    private static String containerStatus(TaskState state) {
        return switch (state.last()) {
            case PROVISIONING, PENDING, ACTIVATING -> "PENDING";
            case RUNNING, DEACTIVATING, STOPPING -> "RUNNING";
            case DEPROVISIONING, STOPPED -> "STOPPED";
        };
    }

    private static ArrayNode tags(Map<String, String> tags) {
        var json = NODES.arrayNode();
        tags.forEach((key, value) -> json.addObject().put("key", key).put("value", value));
        return json;
    }

    private static void detail(ArrayNode details, String name, String value) {
        details.addObject().put("name", name).put("value", value);
    }

    private static void time(ObjectNode json, String field, Instant when, Times times) {
        switch (times) {
            case EPOCH -> json.put(field, BigDecimal.valueOf(when.toEpochMilli(), MILLIS));
            case ISO -> json.put(field, when.toString());
        }
    }
}
