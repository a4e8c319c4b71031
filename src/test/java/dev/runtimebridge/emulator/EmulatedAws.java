package dev.runtimebridge.emulator;

import dev.runtimebridge.emulator.script.Scenario;
import dev.runtimebridge.emulator.stub.StubAgents;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.AssignPublicIp;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.Task;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** An emulator with stub agents on a clock that tests move, and the SDK's clients for it. */
final class EmulatedAws implements AutoCloseable {
    static final int AGENT_PORT = 8000;

    final ManualClock clock = new ManualClock();
    final StubAgents agents = new StubAgents(clock, AGENT_PORT);
    final Emulator emulator;
    private final List<SdkHttpClient> clients = new ArrayList<>();

    EmulatedAws(Scenario scenario) {
        emulator = Emulator.start(scenario, clock, agents, 0);
    }

    EcsClient ecs() {
        return client(EcsClient.builder()).build();
    }

    /** A builder of any service's client: this endpoint, no retries. */
    <B extends AwsClientBuilder<B, ?>> B client(B builder) {
        var http = Apache5HttpClient.create();
        clients.add(http);
        if (builder instanceof AwsSyncClientBuilder<?, ?> sync) {
            sync.httpClient(http);
        }
        return builder.endpointOverride(emulator.endpoint())
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create("AKIAEMULATED", "not a secret")))
                .overrideConfiguration(
                        with -> with.retryStrategy(DefaultRetryStrategy.doNotRetry()));
    }

    /** A request that is right in all parts. */
    static RunTaskRequest run(Consumer<RunTaskRequest.Builder> changes) {
        var request =
                RunTaskRequest.builder()
                        .cluster("bridge")
                        .taskDefinition("workspace:1")
                        .launchType(LaunchType.FARGATE)
                        .networkConfiguration(
                                network ->
                                        network.awsvpcConfiguration(
                                                vpc ->
                                                        vpc.subnets("subnet-a")
                                                                .securityGroups("sg-agents")
                                                                .assignPublicIp(
                                                                        AssignPublicIp.DISABLED)))
                        .count(1);
        changes.accept(request);
        return request.build();
    }

    static CapacityProviderStrategyItem item(String provider, int weight, int base) {
        return CapacityProviderStrategyItem.builder()
                .capacityProvider(provider)
                .weight(weight)
                .base(base)
                .build();
    }

    static ContainerOverride container(String name, String command) {
        return ContainerOverride.builder().name(name).command(command).build();
    }

    static Task describe(EcsClient ecs, String arn) {
        return ecs.describeTasks(which -> which.cluster("bridge").tasks(arn)).tasks().getFirst();
    }

    void pass(String seconds) {
        clock.pass(Duration.parse("PT" + seconds.toUpperCase(Locale.ROOT)));
    }

    @Override
    public void close() {
        emulator.close();
        agents.close();
        clients.forEach(SdkHttpClient::close);
    }
}
