package dev.runtimebridge.provider.fargate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.catalog.Architecture;
import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.provider.Batch;
import dev.runtimebridge.provider.ProviderException;
import dev.runtimebridge.provider.fargate.FargateSettings.Capacity;
import dev.runtimebridge.provider.fargate.FargateSettings.Network;
import dev.runtimebridge.provider.fargate.FargateSettings.Reach;

import org.junit.jupiter.api.Test;

import software.amazon.awssdk.services.ecs.model.AssignPublicIp;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

class RunTaskRequestsTest {
    private static final Place PLACE = new Place(Capacity.ON_DEMAND, "subnet-a");
    private static final Batch BATCH =
            new Batch(
                    "key-1",
                    new Image(
                            new ImageId(3),
                            "Python 3",
                            "python",
                            2,
                            new Image.Run("", "", "python:7"),
                            new Image.Size(250, 512, Architecture.X86_64),
                            true),
                    7,
                    PLACE.text());

    private static RunTaskRequest request(Place place, boolean publicIp, String... origins) {
        var settings =
                new FargateSettings(
                        "ide",
                        "eu-central-1",
                        Optional.empty(),
                        Optional.empty(),
                        new Network(
                                List.of("subnet-a", "subnet-b"),
                                List.of("sg-a", "sg-b"),
                                publicIp,
                                Reach.PRIVATE),
                        Capacity.SPOT,
                        "school",
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ofSeconds(10),
                        Quotas.DEFAULTS);
        var environment =
                new AgentEnvironment(
                        "public key",
                        () -> URI.create("http://bridge:8080"),
                        8000,
                        List.of(origins));
        return new RunTaskRequests(settings, environment).of(BATCH, place, "agent");
    }

    @Test
    void itNamesInstallationImageAndBatch() {
        var request = request(PLACE, false);
        assertThat(request.clientToken()).isEqualTo("key-1");
        assertThat(request.startedBy()).isEqualTo("runtime-bridge/school");
        assertThat(request.tags().stream().map(tag -> tag.key() + "=" + tag.value()))
                .containsExactly(
                        "runtime-bridge:installation=school",
                        "runtime-bridge:image=3:2",
                        "runtime-bridge:batch=key-1");
        assertThat(request.count()).isEqualTo(7);
        assertThat(request.taskDefinition()).isEqualTo("python:7");
        assertThat(request.cluster()).isEqualTo("ide");
    }

    @Test
    void itIsTheSameForTheSameBatch() {
        assertThat(request(PLACE, false, "https://a"))
                .isEqualTo(request(PLACE, false, "https://a"));
    }

    @Test
    void itStartsInTheSubnetOfItsPlace() {
        var vpc = request(PLACE, true).networkConfiguration().awsvpcConfiguration();
        assertThat(vpc.subnets()).containsExactly("subnet-a");
        assertThat(vpc.securityGroups()).containsExactly("sg-a", "sg-b");
        assertThat(vpc.assignPublicIp()).isEqualTo(AssignPublicIp.ENABLED);
    }

    @Test
    void spotTakesACapacityProviderAndNoLaunchTypeOnDemandTheOtherWayRound() {
        var onDemand = request(PLACE, false);
        assertThat(onDemand.launchType()).isEqualTo(LaunchType.FARGATE);
        assertThat(onDemand.hasCapacityProviderStrategy()).isFalse();
        var spot = request(new Place(Capacity.SPOT, "subnet-a"), false);
        assertThat(spot.launchType()).isNull();
        assertThat(spot.capacityProviderStrategy().getFirst().capacityProvider())
                .isEqualTo("FARGATE_SPOT");
    }

    @Test
    void theAgentIsToldWhatItNeedsAndNothingSecret() {
        var override = request(PLACE, false, "https://a", "https://b").overrides();
        var container = override.containerOverrides().getFirst();
        assertThat(container.name()).isEqualTo("agent");
        assertThat(container.environment().stream().map(v -> v.name() + "=" + v.value()))
                .containsExactly(
                        "AGENT_BRIDGE_KEY=public key",
                        "AGENT_BRIDGE_URL=http://bridge:8080",
                        "AGENT_PORT=8000",
                        "ALLOWED_ORIGINS=https://a,https://b");
    }

    @Test
    void moreSettingsThanAwsTakesAreRefusedByNameBeforeAwsDoes() {
        var origins =
                IntStream.range(0, 400)
                        .mapToObj(i -> "https://ide-" + i + ".example.org")
                        .toArray(String[]::new);
        assertThatExceptionOfType(ProviderException.class)
                .isThrownBy(() -> request(PLACE, false, origins))
                .satisfies(e -> assertThat(e.why().hint()).contains("ALLOWED_ORIGINS"))
                .satisfies(e -> assertThat(e.repeatable()).isFalse());
    }
}
