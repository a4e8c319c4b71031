package dev.runtimebridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.provider.fargate.FargateSettings;
import dev.runtimebridge.provider.fargate.FargateSettings.AccessKey;
import dev.runtimebridge.provider.fargate.FargateSettings.Capacity;
import dev.runtimebridge.provider.fargate.FargateSettings.Network;
import dev.runtimebridge.provider.fargate.FargateSettings.Reach;
import dev.runtimebridge.provider.fargate.Quotas;
import dev.runtimebridge.provider.fargate.Quotas.Rate;
import dev.runtimebridge.secret.Secret;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class FargateConfigTest {
    private static final Map<String, String> LEAST =
            Map.of(
                    "PROVIDER", "fargate",
                    "CLUSTER_NAME", "ide",
                    "AWS_REGION", "eu-central-1",
                    "CONTAINER_SUBNETS", "subnet-0a1b2c3d, subnet-4e5f6a7b",
                    "CONTAINER_SECURITY_GROUP", "sg-0a1b2c3d",
                    "AGENT_BRIDGE_URL", "http://bridge.internal:8080");

    private static Map<String, String> leastWith(String... keysAndValues) {
        var values = new HashMap<>(Samples.whole());
        values.putAll(LEAST);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            values.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return values;
    }

    private static FargateSettings settings(String... keysAndValues) {
        return switch (Config.read(leastWith(keysAndValues))) {
            case Configuration.Ready(var settings) ->
                    ((ProviderSettings.Fargate) settings.provider()).settings();
            case Configuration.Faulty(var faults) -> throw new AssertionError(faults);
        };
    }

    private static List<String> faults(String... keysAndValues) {
        return Samples.faultsOf(leastWith(keysAndValues));
    }

    @Test
    void defaults() {
        var settings = settings();
        assertThat(settings)
                .isEqualTo(
                        new FargateSettings(
                                "ide",
                                "eu-central-1",
                                Optional.empty(),
                                Optional.empty(),
                                new Network(
                                        List.of("subnet-0a1b2c3d", "subnet-4e5f6a7b"),
                                        List.of("sg-0a1b2c3d"),
                                        false,
                                        Reach.PRIVATE),
                                Capacity.ON_DEMAND,
                                settings.installation(),
                                Optional.empty(),
                                Optional.empty(),
                                Duration.ofSeconds(10),
                                Quotas.DEFAULTS));
    }

    @Test
    void explicit() {
        var settings =
                settings(
                        "CONTAINER_ADDRESS", "public",
                        "CONTAINER_CAPACITY", "spot",
                        "TASK_CONTAINER", "runtime",
                        "INSTALLATION_NAME", "school-7",
                        "EVENTS_QUEUE_URL", "https://sqs.eu-central-1.amazonaws.com/1/q",
                        "AWS_ENDPOINT_URL", "http://127.0.0.1:4566",
                        "AWS_ACCESS_KEY_ID", "AKIA",
                        "AWS_SECRET_ACCESS_KEY", "s",
                        "AWS_SESSION_TOKEN", "t",
                        "AWS_CALL_TIMEOUT", "3s",
                        "QUOTA_TASKS", "500/50",
                        "QUOTA_INTERFACES", "7/3");
        assertThat(settings.network())
                .isEqualTo(
                        new Network(
                                List.of("subnet-0a1b2c3d", "subnet-4e5f6a7b"),
                                List.of("sg-0a1b2c3d"),
                                true,
                                Reach.PUBLIC));
        assertThat(settings.capacity()).isEqualTo(Capacity.SPOT);
        assertThat(settings.agentContainer()).contains("runtime");
        assertThat(settings.installation()).isEqualTo("school-7");
        assertThat(settings.eventsQueue())
                .contains(URI.create("https://sqs.eu-central-1.amazonaws.com/1/q"));
        assertThat(settings.endpoint()).contains(URI.create("http://127.0.0.1:4566"));
        assertThat(settings.accessKey())
                .contains(new AccessKey("AKIA", new Secret("s"), Optional.of(new Secret("t"))));
        assertThat(settings.callTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(settings.quotas().tasksOnDemand()).isEqualTo(new Rate(500, 50));
        assertThat(settings.quotas().interfaces()).isEqualTo(new Rate(7, 3));
    }

    @Test
    void whatIsMissingIsNamedAllTogether() {
        var values = leastWith();
        LEAST.keySet().stream().filter(key -> !key.equals("PROVIDER")).forEach(values::remove);
        assertThat(Samples.faultsOf(values))
                .extracting(fault -> fault.substring(0, fault.indexOf(' ')))
                .containsExactlyInAnyOrder(
                        "CLUSTER_NAME",
                        "AWS_REGION",
                        "CONTAINER_SUBNETS",
                        "CONTAINER_SECURITY_GROUP",
                        "AGENT_BRIDGE_URL");
    }

    @ParameterizedTest
    @CsvSource({
        "CLUSTER_NAME, 'a b'",
        "AWS_REGION, Frankfurt",
        "CONTAINER_SUBNETS, vpc-0a1b2c3d",
        "CONTAINER_SUBNETS, 'subnet-0a1b2c3d,'",
        "CONTAINER_SUBNETS, 'subnet-0a1b2c3d,subnet-0a1b2c3d'",
        "CONTAINER_SECURITY_GROUP, 0a1b2c3d",
        "CONTAINER_SECURITY_GROUP,"
                + " 'sg-00000001,sg-00000002,sg-00000003,sg-00000004,sg-00000005,sg-00000006'",
        "CONTAINER_ADDRESS, somewhere",
        "CONTAINER_CAPACITY, free",
        "INSTALLATION_NAME, 'a/b'",
        "EVENTS_QUEUE_URL, arn:aws:sqs:eu-central-1:1:q",
        "AWS_ENDPOINT_URL, localhost:4566",
        "AWS_CALL_TIMEOUT, 0s",
        "QUOTA_TASKS, 100",
        "QUOTA_RUN_TASK, 0/20",
        "QUOTA_TASK_READS, 99999/1"
    })
    void aValueThatDoesNotFitIsNamed(String key, String value) {
        assertThat(faults(key, value)).singleElement().asString().startsWith(key + " ");
    }

    @Test
    void anAccessKeyNeedsItsSecretAndASecretIsNeverShown() {
        assertThat(faults("AWS_ACCESS_KEY_ID", "AKIA"))
                .singleElement()
                .asString()
                .startsWith("AWS_SECRET_ACCESS_KEY is missing");
        assertThat(settings("AWS_ACCESS_KEY_ID", "A", "AWS_SECRET_ACCESS_KEY", "hidden").toString())
                .doesNotContain("hidden");
    }

    @Test
    void aPublicAddressHasToBeAssigned() {
        assertThat(faults("CONTAINER_ADDRESS", "public", "CONTAINER_PUBLIC_IP", "false"))
                .singleElement()
                .asString()
                .startsWith("CONTAINER_PUBLIC_IP is false while CONTAINER_ADDRESS is public");
        assertThat(settings("CONTAINER_PUBLIC_IP", "true").network().publicIp()).isTrue();
    }

    @Test
    void onlyTasksOfAnEmulatorOnThisMachineReachTheBridgeByItself() {
        var values = leastWith("AWS_ENDPOINT_URL", "http://localhost:4566");
        values.remove("AGENT_BRIDGE_URL");
        assertThat(Config.read(values)).isInstanceOf(Configuration.Ready.class);
    }

    @Test
    void theNameInMarksIsTheSameForAllBridgesOfOneKeyAndDoesNotShowIt() {
        var name = settings().installation();
        assertThat(settings("CLUSTER_NAME", "other").installation()).isEqualTo(name);
        assertThat(name).matches("[0-9a-f]{16}");
    }
}
