package dev.runtimebridge.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.runtimebridge.emulator.script.CallFault;
import dev.runtimebridge.emulator.script.Scenario;
import dev.runtimebridge.emulator.script.Subnet;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.ConflictException;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.NetworkConfiguration;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;

import java.util.Collections;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What RunTask takes, what it refuses, and what a client token is good for. */
class RunTaskTest {
    private final EmulatedAws aws = new EmulatedAws(Scenario.usual());

    @AfterEach
    void stop() {
        aws.close();
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                wrong("Count must be between", it -> it.count(0)),
                wrong("Count must be between", it -> it.count(11)),
                wrong("startedBy", it -> it.startedBy("a".repeat(129))),
                wrong("startedBy", it -> it.startedBy("a b")),
                wrong("clientToken", it -> it.clientToken("t".repeat(65))),
                wrong("clientToken", it -> it.clientToken("a token")),
                wrong(
                        "Tags can not have more than 50",
                        it ->
                                it.tags(
                                        IntStream.range(0, 51)
                                                .mapToObj(n -> tag("key" + n))
                                                .toList())),
                wrong("Invalid tag", it -> it.tags(tag("aws:mine"))),
                wrong("Duplicate tag", it -> it.tags(tag("one"), tag("one"))),
                wrong("at most 16", it -> subnets(it, 17, "subnet-a")),
                wrong("InvalidSubnetID.NotFound", it -> subnets(it, 1, "subnet-x")),
                wrong(
                        "at most 5",
                        it ->
                                it.networkConfiguration(
                                        network ->
                                                network.awsvpcConfiguration(
                                                        vpc ->
                                                                vpc.subnets("subnet-a")
                                                                        .securityGroups(
                                                                                Collections.nCopies(
                                                                                        6,
                                                                                        "sg-agents"))))),
                wrong(
                        "Network Configuration must be provided",
                        it -> it.networkConfiguration((NetworkConfiguration) null)),
                wrong(
                        "both a launch type and capacity provider strategy",
                        it -> it.capacityProviderStrategy(EmulatedAws.item("FARGATE", 1, 0))),
                wrong("No Container Instances", it -> it.launchType((String) null)),
                wrong(
                        "is not a container",
                        it ->
                                it.overrides(
                                        all ->
                                                all.containerOverrides(
                                                        EmulatedAws.container("other", "c")))),
                wrong(
                        "8192",
                        it ->
                                it.overrides(
                                        all ->
                                                all.containerOverrides(
                                                        EmulatedAws.container(
                                                                "workspace", "c".repeat(8192))))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void whatIsOverALimitOrContradictoryIsRefused(
            String text, Consumer<RunTaskRequest.Builder> changes) {
        assertThatThrownBy(() -> aws.ecs().runTask(EmulatedAws.run(changes)))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining(text);
        assertThat(aws.emulator.ledger().started()).isEmpty();
    }

    @Test
    void whatDoesNotExistIsNamed() {
        var ecs = aws.ecs();

        assertThatThrownBy(() -> ecs.runTask(EmulatedAws.run(it -> it.cluster("other"))))
                .isInstanceOf(ClusterNotFoundException.class);
        assertThatThrownBy(() -> ecs.runTask(EmulatedAws.run(it -> it.taskDefinition("other"))))
                .isInstanceOf(ClientException.class)
                .hasMessageContaining("TaskDefinition not found");
    }

    @Test
    void theSameTokenNeverStartsTwice() {
        var ecs = aws.ecs();
        var request = EmulatedAws.run(it -> it.clientToken("token").count(3));

        var first = ecs.runTask(request).tasks();
        aws.pass("5s");
        var second = ecs.runTask(request).tasks();

        assertThat(second.stream().map(Task::taskArn))
                .containsExactlyElementsOf(first.stream().map(Task::taskArn).toList());
        assertThat(second.getFirst().lastStatus()).isEqualTo("RUNNING");
        assertThat(aws.emulator.ledger().started()).hasSize(3);
    }

    @Test
    void theSameTokenWithOtherParametersNamesTheTasksItStarted() {
        var ecs = aws.ecs();
        var first = ecs.runTask(EmulatedAws.run(it -> it.clientToken("token").count(2))).tasks();

        assertThatThrownBy(
                        () -> ecs.runTask(EmulatedAws.run(it -> it.clientToken("token").count(3))))
                .isInstanceOfSatisfying(
                        ConflictException.class,
                        conflict ->
                                assertThat(conflict.resourceIds())
                                        .containsExactlyElementsOf(
                                                first.stream().map(Task::taskArn).toList()));
    }

    @Test
    void aTokenIsForgottenAnHourAfterItsTaskEnded() {
        var ecs = aws.ecs();
        var request = EmulatedAws.run(it -> it.clientToken("token"));
        var arn = ecs.runTask(request).tasks().getFirst().taskArn();
        ecs.stopTask(which -> which.cluster("bridge").task(arn));

        aws.pass("3500s");
        assertThat(ecs.runTask(request).tasks().getFirst().taskArn()).isEqualTo(arn);
        aws.pass("110s");

        assertThat(ecs.runTask(request).tasks().getFirst().taskArn()).isNotEqualTo(arn);
    }

    @Test
    void aTokenIsForgottenAfterADay() {
        var ecs = aws.ecs();
        var request = EmulatedAws.run(it -> it.clientToken("token"));
        ecs.runTask(request);

        aws.pass("86401s");
        ecs.runTask(request);

        assertThat(aws.emulator.ledger().started()).hasSize(2);
    }

    @Test
    void whatFindsNoRoomIsAFailureBesideTheRest() {
        aws.emulator
                .script()
                .change(
                        now ->
                                now.withSubnets(
                                        Subnet.of("subnet-a", "eu-central-1a", "10.0.0.0/20")
                                                .withCapacity(7)));

        var answer = aws.ecs().runTask(EmulatedAws.run(it -> it.count(10)));

        assertThat(answer.tasks()).hasSize(7);
        assertThat(answer.failures())
                .extracting(Failure::arn, Failure::reason)
                .containsOnly(tuple(null, "Capacity is unavailable at this time"))
                .hasSize(3);
    }

    @Test
    void roomComesBackWhenTasksHaveStopped() {
        aws.emulator
                .script()
                .change(
                        now ->
                                now.withSubnets(
                                        Subnet.of("subnet-a", "eu-central-1a", "10.0.0.0/20")
                                                .withCapacity(1)));
        var ecs = aws.ecs();
        var arn = ecs.runTask(EmulatedAws.run(_ -> {})).tasks().getFirst().taskArn();
        assertThat(ecs.runTask(EmulatedAws.run(_ -> {})).tasks()).isEmpty();

        ecs.stopTask(which -> which.cluster("bridge").task(arn));
        aws.pass("3s");

        assertThat(ecs.runTask(EmulatedAws.run(_ -> {})).tasks()).hasSize(1);
    }

    @Test
    void aSubnetWithoutAddressesSaysSo() {
        aws.emulator
                .script()
                .change(
                        now ->
                                now.with(
                                        "subnets: [{id: subnet-a, zone: a, cidr: 10.0.0.0/28,"
                                            + " freeAddresses: 0, capacity: -1, spotCapacity: -1,"
                                            + " route: nat, publicIps: true}]"));

        var failures = aws.ecs().runTask(EmulatedAws.run(_ -> {})).failures();

        assertThat(failures.getFirst().reason()).isEqualTo("RESOURCE:ENI");
    }

    @Test
    void aStrategySpreadsTasksByBaseAndWeight() {
        var tasks =
                aws.ecs()
                        .runTask(
                                EmulatedAws.run(
                                        it ->
                                                it.launchType((String) null)
                                                        .count(10)
                                                        .capacityProviderStrategy(
                                                                EmulatedAws.item("FARGATE", 1, 2),
                                                                EmulatedAws.item(
                                                                        "FARGATE_SPOT", 3, 0))))
                        .tasks();

        assertThat(tasks.stream().filter(task -> task.capacityProviderName().equals("FARGATE")))
                .hasSize(4);
    }

    @Test
    void aTaskWhoseReplyWasLostIsFoundAgainByItsToken() {
        aws.emulator.script().add(CallFault.of("RunTask", CallFault.Kind.LOSE_REPLY, 1));
        var ecs = aws.ecs();
        var request = EmulatedAws.run(it -> it.clientToken("token"));

        assertThatThrownBy(() -> ecs.runTask(request)).isInstanceOf(SdkClientException.class);

        var arn = aws.emulator.ledger().started().getFirst().arn();
        assertThat(ecs.runTask(request).tasks().getFirst().taskArn()).isEqualTo(arn);
        assertThat(aws.emulator.ledger().started()).hasSize(1);
    }

    @Test
    void aRequestThatWasLostStartsNothing() {
        aws.emulator.script().add(CallFault.of("RunTask", CallFault.Kind.LOSE_REQUEST, 1));

        assertThatThrownBy(() -> aws.ecs().runTask(EmulatedAws.run(_ -> {})))
                .isInstanceOf(SdkClientException.class);

        assertThat(aws.emulator.ledger().started()).isEmpty();
    }

    @Test
    void tasksBeyondTheBucketAreThrottledAndCounted() {
        var ecs = aws.ecs();
        for (int call = 0; call < 10; call++) {
            ecs.runTask(EmulatedAws.run(it -> it.count(10)));
        }

        assertThatThrownBy(() -> ecs.runTask(EmulatedAws.run(_ -> {})))
                .isInstanceOfSatisfying(
                        EcsException.class,
                        refused -> {
                            assertThat(refused.isThrottlingException()).isTrue();
                            assertThat(refused.awsErrorDetails().errorCode())
                                    .isEqualTo("ThrottlingException");
                        });
        aws.pass("0.05s");
        ecs.runTask(EmulatedAws.run(_ -> {}));

        var count = aws.emulator.calls().of("ecs:RunTask");
        assertThat(count.all()).isEqualTo(12);
        assertThat(count.throttled()).isEqualTo(1);
    }

    @Test
    void callsBeyondTheBucketAreThrottled() {
        var ecs = aws.ecs();
        for (int call = 0; call < 100; call++) {
            ecs.listTasks(which -> which.cluster("bridge"));
        }

        assertThatThrownBy(() -> ecs.listTasks(which -> which.cluster("bridge")))
                .isInstanceOfSatisfying(
                        EcsException.class,
                        refused -> assertThat(refused.isThrottlingException()).isTrue());
    }

    @Test
    void aThrottleCanWearOtherClothes() {
        aws.emulator.script().add(CallFault.of("RunTask", CallFault.Kind.THROTTLE_WRAPPED, 1));

        assertThatThrownBy(() -> aws.ecs().runTask(EmulatedAws.run(_ -> {})))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("Rate exceeded");

        assertThat(aws.emulator.calls().of("ecs:RunTask").throttled()).isEqualTo(1);
    }

    @Test
    void deniedActionsAreRefusedByName() {
        aws.emulator.script().change(now -> now.with("denied: ['iam:PassRole']"));

        assertThatThrownBy(() -> aws.ecs().runTask(EmulatedAws.run(_ -> {})))
                .isInstanceOfSatisfying(
                        EcsException.class,
                        refused -> {
                            assertThat(refused.awsErrorDetails().errorCode())
                                    .isEqualTo("AccessDeniedException");
                            assertThat(refused.getMessage())
                                    .contains("not authorized to perform: iam:PassRole");
                        });
    }

    @Test
    void expiredCredentialsAreSaidToBe() {
        aws.emulator.script().change(now -> now.with("credentialsExpired: true"));

        assertThatThrownBy(() -> aws.ecs().runTask(EmulatedAws.run(_ -> {})))
                .isInstanceOfSatisfying(
                        EcsException.class,
                        refused ->
                                assertThat(refused.awsErrorDetails().errorCode())
                                        .isEqualTo("ExpiredTokenException"));
    }

    private static Arguments wrong(String text, Consumer<RunTaskRequest.Builder> changes) {
        return arguments(text, changes);
    }

    private static void subnets(RunTaskRequest.Builder request, int count, String id) {
        request.networkConfiguration(
                network ->
                        network.awsvpcConfiguration(
                                vpc -> vpc.subnets(Collections.nCopies(count, id))));
    }

    private static Tag tag(String key) {
        return Tag.builder().key(key).value("value").build();
    }
}
