package dev.runtimebridge.emulator.wire;

import dev.runtimebridge.emulator.region.AwsException;
import dev.runtimebridge.emulator.region.Region;
import dev.runtimebridge.emulator.region.TaskOrder;
import dev.runtimebridge.emulator.script.Definition;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads RunTask and refuses what AWS refuses. Source of the limits, unless another is named:
 * RunTask, NetworkConfiguration, AwsVpcConfiguration, TaskOverride and Tag of the ECS API
 * reference.
 */
final class RunTaskReader {
    private static final int MOST_TASKS = 10;
    private static final int MOST_SUBNETS = 16;
    private static final int MOST_SECURITY_GROUPS = 5;
    private static final int MOST_TAGS = 50;
    private static final int LONGEST_TAG_KEY = 128;
    private static final int LONGEST_TAG_VALUE = 256;
    private static final int LONGEST_OVERRIDES = 8_192;
    private static final Pattern STARTED_BY = Pattern.compile("[A-Za-z0-9/_-]{0,128}");
    private static final Pattern CLIENT_TOKEN = Pattern.compile("[!-~]{0,64}");

    private final Region region;
    private final Definitions definitions;

    RunTaskReader(Region region, Definitions definitions) {
        this.region = region;
        this.definitions = definitions;
    }

    TaskOrder read(Members request) {
        int count = request.number("count").orElse(1);
        if (count < 1 || count > MOST_TASKS) {
            throw AwsException.invalid("Count must be between 1 and " + MOST_TASKS + ".");
        }
        var cluster = region.cluster(orDefault(request.text("cluster")));
        var definition = definitions.runnable(request.text("taskDefinition"));
        var providers = new CapacityProviders(cluster).of(request, count);
        refuse(
                !definition.compatibilities().contains("FARGATE"),
                "Task definition does not support launch_type FARGATE.");
        var vpc = vpc(request, definition);
        var startedBy = request.text("startedBy");
        refuse(
                !STARTED_BY.matcher(startedBy).matches(),
                "startedBy must be at most 128 letters, digits, hyphens, slashes and underscores.");
        var token = request.text("clientToken");
        refuse(
                !CLIENT_TOKEN.matcher(token).matches(),
                "clientToken must be at most 64 ASCII characters in the range of 33-126.");
        var overrides = request.object("overrides");
        var group = request.text("group");
        return new TaskOrder(
                cluster.name(),
                definition,
                count,
                providers,
                !request.has("capacityProviderStrategy"),
                vpc.subnets(),
                vpc.securityGroups(),
                vpc.publicIp(),
                startedBy,
                group.isEmpty() ? "family:" + definition.family() : group,
                tags(request),
                request.flag("enableExecuteCommand"),
                overrides.node().isMissingNode() ? null : overrides.node(),
                environment(definition, overrides),
                token,
                Fingerprint.of(request.node()));
    }

    private record Vpc(List<String> subnets, List<String> securityGroups, boolean publicIp) {}

    private Vpc vpc(Members request, Definition definition) {
        var vpc = request.object("networkConfiguration").object("awsvpcConfiguration");
        refuse(
                vpc.node().isMissingNode(),
                "Network Configuration must be provided when networkMode '"
                        + definition.networkMode()
                        + "' is specified.");
        var subnets = vpc.texts("subnets");
        var groups = vpc.texts("securityGroups");
        refuse(subnets.isEmpty(), "subnets can not be empty.");
        refuse(subnets.size() > MOST_SUBNETS, "subnets can have at most 16 items.");
        refuse(groups.size() > MOST_SECURITY_GROUPS, "securityGroups can have at most 5 items.");
        for (var id : subnets) {
            refuse(
                    region.subnet(id).isEmpty(),
                    "Error retrieving subnet information for [%s]: The subnet ID '%s' does not exist (ErrorCode: InvalidSubnetID.NotFound)."
                            .formatted(id, id));
        }
        for (var id : groups) {
            refuse(
                    region.scenario().securityGroups().stream()
                            .noneMatch(group -> group.id().equals(id) && group.vpc().isEmpty()),
                    "Error retrieving security group information for [%s]: The security group '%s' does not exist (ErrorCode: InvalidGroup.NotFound)."
                            .formatted(id, id));
        }
        var assign = vpc.text("assignPublicIp");
        refuse(
                !List.of("", "ENABLED", "DISABLED").contains(assign),
                "assignPublicIp must be ENABLED or DISABLED.");
        return new Vpc(subnets, groups, assign.equals("ENABLED"));
    }

    private static Map<String, String> tags(Members request) {
        var tags = new LinkedHashMap<String, String>();
        for (var tag : request.objects("tags")) {
            var key = tag.text("key");
            var value = tag.text("value");
            refuse(
                    key.isEmpty()
                            || key.length() > LONGEST_TAG_KEY
                            || value.length() > LONGEST_TAG_VALUE
                            || key.startsWith("aws:"),
                    "Invalid tag '" + key + "'.");
            refuse(tags.put(key, value) != null, "Duplicate tag keys found.");
        }
        refuse(tags.size() > MOST_TAGS, "Tags can not have more than 50 items.");
        return tags;
    }

    private static Map<String, String> environment(Definition definition, Members overrides) {
        refuse(
                overrides.node().toString().length() > LONGEST_OVERRIDES,
                "TaskOverride can have at most 8192 characters.");
        var environment = new HashMap<String, String>(definition.environment());
        for (var container : overrides.objects("containerOverrides")) {
            refuse(
                    !container.text("name").equals(definition.container()),
                    "Override for container named %s is not a container in the TaskDefinition."
                            .formatted(container.text("name")));
            for (var variable : container.objects("environment")) {
                environment.put(variable.text("name"), variable.text("value"));
            }
        }
        return environment;
    }

    private static void refuse(boolean wrong, String message) {
        if (wrong) {
            throw AwsException.invalid(message);
        }
    }

    /** Source: every {@code cluster} parameter of the ECS API reference. */
    static String orDefault(String cluster) {
        return cluster.isEmpty() ? "default" : cluster;
    }
}
