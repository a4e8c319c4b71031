package dev.runtimebridge.provider.fargate;

import dev.runtimebridge.provider.Batch;
import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.Cause.Kind;
import dev.runtimebridge.provider.ProviderException;

import software.amazon.awssdk.services.ecs.model.AssignPublicIp;
import software.amazon.awssdk.services.ecs.model.AwsVpcConfiguration;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.NetworkConfiguration;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes the request for a batch: the same for the same batch, so that it can be replayed. It names
 * the installation, the image and the batch, never a user, and holds no secret.
 */
final class RunTaskRequests {
    /** ECS counts the overrides as JSON; from the ECS API reference, RunTask. */
    private static final int LONGEST_OVERRIDES = 8_192;

    /** What JSON adds to a variable: {@code {"name":"","value":""},}. */
    private static final int AROUND_A_VARIABLE = 24;

    private static final String SPOT_PROVIDER = "FARGATE_SPOT";

    private final FargateSettings settings;
    private final AgentEnvironment environment;

    RunTaskRequests(FargateSettings settings, AgentEnvironment environment) {
        this.settings = settings;
        this.environment = environment;
    }

    /**
     * What {@code startedBy} of all our tasks says, so that ListTasks finds them all: it can filter
     * by one such value and by nothing beside it.
     */
    static String mark(String installation) {
        return "runtime-bridge/" + installation;
    }

    /**
     * The request for a batch.
     *
     * @param container of the task definition, the one that runs the agent
     * @throws ProviderException when the agent's settings are longer than AWS takes
     */
    RunTaskRequest of(Batch batch, Place place, String container) {
        var request =
                RunTaskRequest.builder()
                        .cluster(settings.cluster())
                        .taskDefinition(batch.image().run().taskDefinition())
                        .count(batch.count())
                        .clientToken(batch.key())
                        .startedBy(mark(settings.installation()))
                        .tags(tags(batch))
                        .networkConfiguration(network(place))
                        .overrides(overrides(container));
        return switch (place.capacity()) {
            case ON_DEMAND -> request.launchType(LaunchType.FARGATE).build();
            case SPOT ->
                    request.capacityProviderStrategy(
                                    CapacityProviderStrategyItem.builder()
                                            .capacityProvider(SPOT_PROVIDER)
                                            .weight(1)
                                            .build())
                            .build();
        };
    }

    private List<Tag> tags(Batch batch) {
        var image = batch.image().id() + ":" + batch.image().revision();
        return List.of(
                tag("installation", settings.installation()),
                tag("image", image),
                tag("batch", batch.key()));
    }

    private static Tag tag(String name, String value) {
        return Tag.builder().key("runtime-bridge:" + name).value(value).build();
    }

    private NetworkConfiguration network(Place place) {
        var network = settings.network();
        return NetworkConfiguration.builder()
                .awsvpcConfiguration(
                        AwsVpcConfiguration.builder()
                                .subnets(place.subnet())
                                .securityGroups(network.securityGroups())
                                .assignPublicIp(
                                        network.publicIp()
                                                ? AssignPublicIp.ENABLED
                                                : AssignPublicIp.DISABLED)
                                .build())
                .build();
    }

    private TaskOverride overrides(String container) {
        Map<String, String> variables = new TreeMap<>(environment.variables());
        int length =
                variables.entrySet().stream()
                        .mapToInt(v -> v.getKey().length() + v.getValue().length())
                        .map(characters -> characters + AROUND_A_VARIABLE)
                        .sum();
        if (length + container.length() > LONGEST_OVERRIDES) {
            throw ProviderException.lasting(
                    new Cause(
                                    Kind.CONFIGURATION,
                                    "the agents' settings are longer than the "
                                            + LONGEST_OVERRIDES
                                            + " characters that AWS takes")
                            .hint("shorten ALLOWED_ORIGINS"),
                    null);
        }
        var pairs =
                variables.entrySet().stream()
                        .map(v -> KeyValuePair.builder().name(v.getKey()).value(v.getValue()))
                        .map(KeyValuePair.Builder::build)
                        .toList();
        return TaskOverride.builder()
                .containerOverrides(
                        ContainerOverride.builder().name(container).environment(pairs).build())
                .build();
    }
}
