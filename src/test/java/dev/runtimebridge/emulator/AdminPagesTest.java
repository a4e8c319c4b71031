package dev.runtimebridge.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.runtimebridge.emulator.script.Scenario;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import software.amazon.awssdk.services.ecs.model.EcsException;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** The emulator's own pages, and those of its tasks, over HTTP. */
class AdminPagesTest {
    private static final JsonMapper JSON = new JsonMapper();
    private final EmulatedAws aws = new EmulatedAws(Scenario.usual());
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        http.close();
        aws.close();
    }

    @Test
    void theLedgerTellsOfEveryTask() throws Exception {
        var arn = start();
        aws.pass("10s");

        var task = json("/emulator/ledger").path("tasks").path(0);

        assertThat(task.path("arn").asText()).isEqualTo(arn);
        assertThat(task.path("status").asText()).isEqualTo("RUNNING");
        assertThat(task.path("billedSeconds").asLong()).isEqualTo(60);
        assertThat(task.path("stoppedAt").isNull()).isTrue();
        assertThat(json("/emulator").path("tasks").path("RUNNING").asInt()).isEqualTo(1);
    }

    @Test
    void callsAreCountedByAction() throws Exception {
        start();

        assertThat(json("/emulator/calls").path("ecs:RunTask").path("calls").asInt()).isEqualTo(1);
        assertThat(json("/emulator/calls/last").path("calls").path(0).path("outcome").asText())
                .isEqualTo("ok");
        assertThat(send("DELETE", "/emulator/calls", "").statusCode()).isEqualTo(204);
        assertThat(json("/emulator/calls")).isEmpty();
    }

    @Test
    void theScenarioCanBeChangedWhileItIsPlayed() throws Exception {
        assertThat(send("PATCH", "/emulator/scenario", "phases: {pull: 10m}").statusCode())
                .isEqualTo(204);

        var scenario = json("/emulator/scenario");

        assertThat(scenario.path("phases").path("pull").asText()).isEqualTo("600s");
        assertThat(scenario.path("phases").path("pending").asText()).isEqualTo("500ms");
    }

    @Test
    void whatIsWrongInAChangeIsNamedAndNothingChanges() throws Exception {
        for (var wrong :
                new String[][] {
                    {"phases: {pul: 10m}", "phases.pul"},
                    {"phases: {pull: soon}", "phases.pull"},
                    {"scale: 2", "scale"},
                    {"{", "not YAML"},
                    {"[]", "keys and values"}
                }) {
            var answer = send("PATCH", "/emulator/scenario", wrong[0]);
            assertThat(answer.statusCode()).as(wrong[0]).isEqualTo(400);
            assertThat(answer.body()).contains(wrong[1]).doesNotContain("Exception");
        }
        assertThat(json("/emulator/scenario").path("phases").path("pull").asText())
                .isEqualTo("500ms");
    }

    @Test
    void faultsAndFatesCanBeAddedAndTakenBack() throws Exception {
        send("POST", "/emulator/faults", "{action: RunTask, kind: error, times: 0, code: Odd}");
        assertThatThrownBy(this::start)
                .isInstanceOfSatisfying(
                        EcsException.class,
                        refused ->
                                assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("Odd"));
        assertThat(send("DELETE", "/emulator/faults", "").statusCode()).isEqualTo(204);

        send("POST", "/emulator/fates", "{kind: stop, at: RUNNING, after: 1s, reason: bad luck}");
        var arn = start();
        aws.pass("10s");

        assertThat(EmulatedAws.describe(aws.ecs(), arn).stoppedReason()).isEqualTo("bad luck");
    }

    @Test
    void aTaskCanBeEndedAsAwsMay() throws Exception {
        var arn = start();
        aws.pass("5s");
        var path = "/emulator/tasks/" + arn.substring(arn.lastIndexOf('/') + 1) + "/end";

        send("POST", path, "{stopCode: InfrastructureHealth, reason: the host is ill}");
        aws.pass("5s");

        var task = EmulatedAws.describe(aws.ecs(), arn);
        assertThat(task.stopCodeAsString()).isEqualTo("InfrastructureHealth");
        assertThat(send("POST", "/emulator/tasks/nobody/end", "{}").statusCode()).isEqualTo(404);
    }

    @Test
    void aContainerReadsItsTaskFromTheMetadata() throws Exception {
        var arn = start();
        aws.pass("4s");
        var id = arn.substring(arn.lastIndexOf('/') + 1);

        var task = json("/v4/" + id + "/task");

        assertThat(task.path("TaskARN").asText()).isEqualTo(arn);
        assertThat(task.path("KnownStatus").asText()).isEqualTo("RUNNING");
        assertThat(
                        task.path("Containers")
                                .path(0)
                                .path("Networks")
                                .path(0)
                                .path("IPv4Addresses")
                                .path(0)
                                .asText())
                .startsWith("127.65.");
        assertThat(json("/v4/" + id).path("Name").asText()).isEqualTo("workspace");
        assertThat(send("GET", "/v4/nobody/task", "").statusCode()).isEqualTo(404);
    }

    private String start() {
        return aws.ecs().runTask(EmulatedAws.run(_ -> {})).tasks().getFirst().taskArn();
    }

    private JsonNode json(String path) throws IOException, InterruptedException {
        return JSON.readTree(send("GET", path, "").body());
    }

    private HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(aws.emulator.endpoint().resolve(path))
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
