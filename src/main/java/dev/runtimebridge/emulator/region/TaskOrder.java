package dev.runtimebridge.emulator.region;

import com.fasterxml.jackson.databind.JsonNode;

import dev.runtimebridge.emulator.script.Definition;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * A valid RunTask request.
 *
 * @param cluster its name
 * @param count 1 to 10
 * @param providers the capacity provider of each task to start, {@code FARGATE} or {@code
 *     FARGATE_SPOT}
 * @param byLaunchType whether it named a launch type instead of a strategy
 * @param subnets where the tasks may go
 * @param publicIp whether their interfaces get a public address
 * @param group {@code family:...} unless it named one
 * @param overrides as they were sent
 * @param environment of the container, overrides included
 * @param clientToken empty for none
 * @param fingerprint the same for the same parameters, the token apart
 */
public record TaskOrder(
        String cluster,
        Definition definition,
        int count,
        List<String> providers,
        boolean byLaunchType,
        List<String> subnets,
        List<String> securityGroups,
        boolean publicIp,
        String startedBy,
        String group,
        Map<String, String> tags,
        boolean executeCommand,
        @Nullable JsonNode overrides,
        Map<String, String> environment,
        String clientToken,
        String fingerprint) {

    public static final String SPOT = "FARGATE_SPOT";

    public TaskOrder {
        providers = List.copyOf(providers);
        subnets = List.copyOf(subnets);
        securityGroups = List.copyOf(securityGroups);
        tags = Map.copyOf(tags);
        environment = Map.copyOf(environment);
    }
}
