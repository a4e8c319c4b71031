package dev.runtimebridge.emulator.wire;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.runtimebridge.emulator.region.AwsException;
import dev.runtimebridge.emulator.region.Region;
import dev.runtimebridge.emulator.script.Definition;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Task definitions by {@code family}, {@code family:revision} or ARN. Source: the {@code
 * taskDefinition} parameters of the ECS API reference; without a revision the latest ACTIVE one.
 */
final class Definitions {
    private static final Pattern NAME = Pattern.compile("([A-Za-z0-9_-]{1,255})(?::(\\d{1,9}))?");

    private final Region region;

    Definitions(Region region) {
        this.region = region;
    }

    /**
     * One that tasks can be started from.
     *
     * @throws AwsException as RunTask answers
     */
    Definition runnable(String named) {
        if (named.isEmpty()) {
            throw AwsException.client("ClientException", "TaskDefinition can not be blank.");
        }
        var definition =
                find(named)
                        .orElseThrow(
                                () ->
                                        AwsException.client(
                                                "ClientException", "TaskDefinition not found."));
        if (!definition.active()) {
            throw AwsException.client("ClientException", "TaskDefinition is inactive");
        }
        return definition;
    }

    private Definition described(String named) {
        return find(named)
                .orElseThrow(
                        () ->
                                AwsException.client(
                                        "ClientException", "Unable to describe task definition."));
    }

    String arn(Definition definition) {
        return region.arn("task-definition/" + definition.name());
    }

    private Optional<Definition> find(String named) {
        var name = named.substring(named.lastIndexOf('/') + 1);
        var all = region.scenario().definitions();
        var found =
                name.indexOf(':') >= 0
                        ? all.stream().filter(each -> each.name().equals(name)).findFirst()
                        : all.stream()
                                .filter(each -> each.family().equals(name) && each.active())
                                .max(Comparator.comparingInt(Definition::revision));
        return found.or(
                () ->
                        all.stream()
                                .filter(each -> each.family().equals(Definition.ANY))
                                .findFirst()
                                .flatMap(any -> named(any, name)));
    }

    private static Optional<Definition> named(Definition any, String name) {
        var parts = NAME.matcher(name);
        return parts.matches()
                ? Optional.of(
                        any.named(
                                parts.group(1),
                                parts.group(2) == null ? 1 : Integer.parseInt(parts.group(2))))
                : Optional.empty();
    }

    ObjectNode describe(Members request) {
        var definition = described(request.text("taskDefinition"));
        var answer = JsonNodeFactory.instance.objectNode();
        answer.set("taskDefinition", json(definition));
        answer.putArray("tags");
        return answer;
    }

    private ObjectNode json(Definition definition) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("taskDefinitionArn", arn(definition));
        json.put("family", definition.family());
        json.put("revision", definition.revision());
        json.put("status", definition.active() ? "ACTIVE" : "INACTIVE");
        json.put("networkMode", definition.networkMode());
        json.put("cpu", Integer.toString(definition.cpu()));
        json.put("memory", Integer.toString(definition.memory()));
        if (!definition.taskRole().isEmpty()) {
            json.put("taskRoleArn", definition.taskRole());
        }
        if (!definition.executionRole().isEmpty()) {
            json.put("executionRoleArn", definition.executionRole());
        }
        json.putObject("runtimePlatform")
                .put("cpuArchitecture", definition.architecture())
                .put("operatingSystemFamily", "LINUX");
        for (var member : List.of("compatibilities", "requiresCompatibilities")) {
            var compatible = json.putArray(member);
            definition.compatibilities().forEach(compatible::add);
        }
        var container = json.putArray("containerDefinitions").addObject();
        container.put("name", definition.container());
        container.put("image", definition.image());
        container.put("essential", true);
        container.put("stopTimeout", definition.stopTimeout().most().toSeconds());
        container.putArray("portMappings").addObject().put("containerPort", 8000);
        var environment = container.putArray("environment");
        definition
                .environment()
                .forEach(
                        (name, value) ->
                                environment.addObject().put("name", name).put("value", value));
        return json;
    }
}
