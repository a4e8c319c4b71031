package dev.runtimebridge.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.emulator.script.Fate;
import dev.runtimebridge.emulator.script.Scenario;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/** What becomes of a task, as DescribeTasks of the real SDK tells it. */
class TaskLifeTest {
    private final EmulatedAws aws = new EmulatedAws(Scenario.usual());

    @AfterEach
    void stop() {
        aws.close();
    }

    @Test
    void aTaskGoesThroughItsPhasesInTime() {
        var ecs = aws.ecs();
        var arn = start(ecs);

        assertThat(status(ecs, arn)).isEqualTo("PROVISIONING, to be RUNNING");
        aws.pass("2s");
        assertThat(status(ecs, arn)).isEqualTo("PENDING, to be RUNNING");
        aws.pass("1s");
        assertThat(status(ecs, arn)).isEqualTo("ACTIVATING, to be RUNNING");
        aws.pass("0.8s");
        var running = EmulatedAws.describe(ecs, arn);
        assertThat(running.lastStatus()).isEqualTo("RUNNING");
        var created = running.createdAt();
        assertThat(running.connectivityAt()).isEqualTo(created.plusSeconds(3));
        assertThat(running.pullStartedAt()).isEqualTo(created.plusSeconds(3));
        assertThat(running.pullStoppedAt()).isEqualTo(created.plusMillis(3_500));
        assertThat(running.startedAt()).isEqualTo(created.plusMillis(3_800));
    }

    @Test
    void theAddressAppearsWithTheInterface() {
        var ecs = aws.ecs();
        var arn = start(ecs);

        aws.pass("2.9s");
        assertThat(details(EmulatedAws.describe(ecs, arn))).containsOnlyKeys("subnetId");
        aws.pass("0.1s");
        var task = EmulatedAws.describe(ecs, arn);
        var ip = details(task).get("privateIPv4Address");
        assertThat(ip).startsWith("127.65.");
        assertThat(details(task)).containsKeys("networkInterfaceId", "macAddress", "subnetId");
        assertThat(task.containers().getFirst().networkInterfaces().getFirst().privateIpv4Address())
                .isEqualTo(ip);
    }

    @Test
    void theAgentAnswersAtItsTimeAndNamesItsTask() throws Exception {
        var ecs = aws.ecs();
        var arn = start(ecs);

        aws.pass("4s");
        var ip = details(EmulatedAws.describe(ecs, arn)).get("privateIPv4Address");
        var ping = ping(ip);

        assertThat(ping).contains("\"ping\":\"pong\"").contains(arn);
        var entry = aws.emulator.ledger().started().getFirst();
        assertThat(entry.answeredAt()).contains(entry.askedAt().plusSeconds(4));
    }

    @Test
    void aStoppedTaskIsBilledFromItsPullAndForAMinuteAtLeast() {
        var ecs = aws.ecs();
        var arn = start(ecs);
        aws.pass("10s");

        var stopped =
                ecs.stopTask(which -> which.cluster("bridge").task(arn).reason("enough")).task();
        assertThat(stopped.desiredStatus()).isEqualTo("STOPPED");
        aws.pass("10s");

        var task = EmulatedAws.describe(ecs, arn);
        assertThat(task.lastStatus()).isEqualTo("STOPPED");
        assertThat(task.stopCode()).isEqualTo(TaskStopCode.USER_INITIATED);
        assertThat(task.stoppedReason()).isEqualTo("enough");
        assertThat(task.containers().getFirst().exitCode()).isZero();
        var entry = aws.emulator.ledger().started().getFirst();
        assertThat(entry.billed()).isEqualTo(Duration.ofMinutes(1));
        assertThat(entry.goesOn()).isFalse();
        assertThat(aws.agents.size()).isZero();
    }

    @Test
    void aTaskThatStopsBeforeItsPullCostsNothing() {
        var ecs = aws.ecs();
        var arn = start(ecs);
        aws.pass("1s");

        ecs.stopTask(which -> which.cluster("bridge").task(arn));
        aws.pass("10s");

        assertThat(EmulatedAws.describe(ecs, arn).lastStatus()).isEqualTo("STOPPED");
        assertThat(aws.emulator.ledger().billed()).isZero();
    }

    @Test
    void anHourAfterItsEndATaskIsMissing() {
        var ecs = aws.ecs();
        var arn = start(ecs);
        ecs.stopTask(which -> which.cluster("bridge").task(arn));
        aws.pass("2.5s");
        assertThat(EmulatedAws.describe(ecs, arn).lastStatus()).isEqualTo("STOPPED");

        aws.pass("3600s");

        var answer = ecs.describeTasks(which -> which.cluster("bridge").tasks(arn));
        assertThat(answer.tasks()).isEmpty();
        assertThat(answer.failures().getFirst().reason()).isEqualTo("MISSING");
        assertThat(answer.failures().getFirst().arn()).isEqualTo(arn);
    }

    @Test
    void aNewTaskIsMissingForAsLongAsTheScriptSays() {
        aws.emulator.script().change(now -> now.with("missing: 60s"));
        var ecs = aws.ecs();
        var arn = start(ecs);

        aws.pass("59s");
        assertThat(ecs.describeTasks(which -> which.cluster("bridge").tasks(arn)).failures())
                .hasSize(1);
        assertThat(ecs.listTasks(which -> which.cluster("bridge")).taskArns()).isEmpty();
        aws.pass("1s");
        assertThat(EmulatedAws.describe(ecs, arn).lastStatus()).isEqualTo("RUNNING");
    }

    @Test
    void aTaskStopsAtTheScriptedPhaseWithTheScriptedReason() {
        aws.emulator
                .script()
                .add(
                        Fate.stop(
                                1,
                                "PENDING",
                                "TaskFailedToStart",
                                "CannotPullContainerError: i/o timeout"));
        var ecs = aws.ecs();
        var struck = start(ecs);
        var spared = start(ecs);

        aws.pass("5s");

        var task = EmulatedAws.describe(ecs, struck);
        assertThat(task.lastStatus()).isEqualTo("STOPPED");
        assertThat(task.stopCode()).isEqualTo(TaskStopCode.TASK_FAILED_TO_START);
        assertThat(task.stoppedReason()).startsWith("CannotPullContainerError");
        assertThat(EmulatedAws.describe(ecs, spared).lastStatus()).isEqualTo("RUNNING");
    }

    @Test
    void aTaskWhoseInterfaceNeverAppearsIsEndedByAws() {
        aws.emulator.script().add(Fate.of(Fate.Kind.NO_INTERFACE, 1));
        var ecs = aws.ecs();
        var arn = start(ecs);

        aws.pass("179s");
        assertThat(EmulatedAws.describe(ecs, arn).lastStatus()).isEqualTo("PENDING");
        aws.pass("4s");

        assertThat(EmulatedAws.describe(ecs, arn).stoppedReason())
                .startsWith("Timeout waiting for network interface provisioning");
    }

    @Test
    void aSpotTaskThatIsInterruptedSaysSo() {
        var ecs = aws.ecs();
        var arn =
                ecs.runTask(
                                EmulatedAws.run(
                                        it ->
                                                it.launchType((String) null)
                                                        .capacityProviderStrategy(
                                                                EmulatedAws.item(
                                                                        "FARGATE_SPOT", 1, 0))))
                        .tasks()
                        .getFirst()
                        .taskArn();
        aws.pass("4s");

        aws.emulator.interrupt(arn);

        assertThat(status(ecs, arn)).isEqualTo("RUNNING, to be STOPPED");
        aws.pass("10s");
        assertThat(EmulatedAws.describe(ecs, arn).stopCode())
                .isEqualTo(TaskStopCode.SPOT_INTERRUPTION);
    }

    @Test
    void aSilentAgentsTaskRunsAndNobodyAnswers() {
        aws.emulator.script().add(Fate.of(Fate.Kind.SILENT_AGENT, 1));
        var ecs = aws.ecs();
        var arn = start(ecs);

        aws.pass("60s");

        assertThat(EmulatedAws.describe(ecs, arn).lastStatus()).isEqualTo("RUNNING");
        assertThat(aws.emulator.ledger().started().getFirst().answeredAt()).isEmpty();
    }

    @Test
    void overridesAreShownAsTheyWereGiven() {
        var task =
                aws.ecs()
                        .runTask(
                                EmulatedAws.run(
                                        it ->
                                                it.overrides(
                                                        all ->
                                                                all.containerOverrides(
                                                                        EmulatedAws.container(
                                                                                "workspace",
                                                                                "run")))))
                        .tasks()
                        .getFirst();

        assertThat(task.overrides().containerOverrides().getFirst().command())
                .containsExactly("run");
    }

    private static String start(EcsClient ecs) {
        return ecs.runTask(EmulatedAws.run(_ -> {})).tasks().getFirst().taskArn();
    }

    private static String status(EcsClient ecs, String arn) {
        var task = EmulatedAws.describe(ecs, arn);
        return task.lastStatus() + ", to be " + task.desiredStatus();
    }

    private static Map<String, String> details(Task task) {
        return task.attachments().getFirst().details().stream()
                .collect(Collectors.toMap(KeyValuePair::name, KeyValuePair::value));
    }

    private static String ping(String ip) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(
                                            URI.create(
                                                    "http://"
                                                            + ip
                                                            + ":"
                                                            + EmulatedAws.AGENT_PORT
                                                            + "/ping"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
