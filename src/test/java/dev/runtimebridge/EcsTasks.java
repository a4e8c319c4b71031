package dev.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.Task;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Tasks of an emulated AWS, by the real SDK. */
final class EcsTasks implements AutoCloseable {
    private final EcsClient ecs;

    EcsTasks(URI endpoint) {
        ecs =
                EcsClient.builder()
                        .httpClient(Apache5HttpClient.create())
                        .endpointOverride(endpoint)
                        .region(Region.EU_CENTRAL_1)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create("EMULATED", "emulated")))
                        .build();
    }

    Task start(String definition, Map<String, String> environment) {
        var variables =
                environment.entrySet().stream()
                        .map(each -> variable(each.getKey(), each.getValue()))
                        .toList();
        return ecs.runTask(
                        it ->
                                it.cluster("bridge")
                                        .taskDefinition(definition)
                                        .launchType(LaunchType.FARGATE)
                                        .networkConfiguration(
                                                network ->
                                                        network.awsvpcConfiguration(
                                                                vpc -> vpc.subnets("subnet-a")))
                                        .overrides(
                                                all ->
                                                        all.containerOverrides(
                                                                ContainerOverride.builder()
                                                                        .name("workspace")
                                                                        .environment(variables)
                                                                        .build())))
                .tasks()
                .getFirst();
    }

    private static KeyValuePair variable(String name, String value) {
        return KeyValuePair.builder().name(name).value(value).build();
    }

    Task describe(Task task) {
        return ecs.describeTasks(which -> which.cluster("bridge").tasks(task.taskArn()))
                .tasks()
                .getFirst();
    }

    void stop(Task task, String reason) {
        ecs.stopTask(which -> which.cluster("bridge").task(task.taskArn()).reason(reason));
    }

    /** Waits until the task has this status; {@return it} */
    Task await(Task task, String status) {
        until("the task is " + status, () -> describe(task).lastStatus().equals(status));
        return describe(task);
    }

    static String address(Task task) {
        return task.containers().getFirst().networkInterfaces().getFirst().privateIpv4Address();
    }

    /** Asks ten times a second: more would empty the emulated buckets. */
    static void until(String what, BooleanSupplier reached) {
        var deadline = Instant.now().plusSeconds(60);
        while (!reached.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(deadline);
            try {
                Thread.sleep(Duration.ofMillis(100));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() {
        ecs.close();
    }
}
