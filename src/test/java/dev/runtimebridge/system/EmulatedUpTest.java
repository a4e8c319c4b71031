package dev.runtimebridge.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/** The main job on Fargate, with an emulated AWS, brought up with one command. */
@Timeout(180)
class EmulatedUpTest {
    private static final String[] EMULATED = {
        "--provider", "fargate", "--emulated", "--emulator-port", "0"
    };
    private static final Pattern LEDGER = Pattern.compile("http://[0-9.:]+/emulator/ledger");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path folder;

    private Path data() {
        return folder.resolve("data");
    }

    private OpenSsh ssh(UserOfTheApi user, UserOfTheApi.Answer launched) throws IOException {
        assertThat(launched.status()).as(launched.body()).isEqualTo(200);
        var login = user.get("/api/containers/" + launched.text("id") + "/ssh");
        assertThat(login.status()).as(login.body()).isEqualTo(200);
        return new OpenSsh(folder.resolve(launched.text("id")), login);
    }

    /** The emulator's ledger, found where a reader of the terminal finds it. */
    private static JsonNode tasks(BridgeProcess up) throws Exception {
        var shown = LEDGER.matcher(up.said());
        assertThat(shown.find()).as(up.said()).isTrue();
        try (var http = HttpClient.newHttpClient()) {
            var answer =
                    http.send(
                            HttpRequest.newBuilder(URI.create(shown.group())).build(),
                            HttpResponse.BodyHandlers.ofString());
            return JSON.readTree(answer.body()).get("tasks");
        }
    }

    private static void interrupt(BridgeProcess up, String arn) throws Exception {
        var shown = LEDGER.matcher(up.said());
        assertThat(shown.find()).as(up.said()).isTrue();
        var id = arn.substring(arn.lastIndexOf('/') + 1);
        var page = URI.create(shown.group()).resolve("/emulator/tasks/" + id + "/interrupt");
        try (var http = HttpClient.newHttpClient()) {
            var answer =
                    http.send(
                            HttpRequest.newBuilder(page)
                                    .POST(HttpRequest.BodyPublishers.noBody())
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
        }
    }

    private static void nothingRuns(Path data) throws IOException {
        assertThat(WorkspaceProcesses.of(data).stream().map(WorkspaceProcesses::describe))
                .isEmpty();
    }

    @Test
    void aStrangerLaunchesWorksOverSshAndStopsAndTheLedgerShowsTheTasksEnd() throws Exception {
        try (var up = BridgeProcess.upWith(data(), EMULATED)) {
            var alice = UserOfTheApi.of(up, "7");
            var launched = alice.launch();
            assertThat(ssh(alice, launched).run("python3 -c 'print(6 * 7)'"))
                    .isEqualTo(new OpenSsh.Done(0, "42\n"));
            var task = tasks(up).get(0);
            assertThat(task.get("status").asText()).isEqualTo("RUNNING");
            assertThat(task.get("definition").asText()).isEqualTo("python-1:1");

            assertThat(alice.stop(launched.text("id")).status()).isEqualTo(202);
            alice.followUntil(launched.text("id"), "ended");
            var stopped = tasks(up).get(0);
            assertThat(stopped.get("stopCode").asText()).isEqualTo("UserInitiated");
            assertThat(stopped.get("reason").asText()).contains("its owner asked for it");

            up.terminate();
            var end = up.awaitEnd();
            assertThat(end.err()).isEmpty();
            nothingRuns(data());
        }
    }

    @Test
    void aUserOnSpotIsToldWorksOnAndLaunchesAnew() throws Exception {
        var spot = Map.of("CONTAINER_CAPACITY", "spot");
        try (var up = BridgeProcess.upWith(data(), spot, EMULATED)) {
            var alice = UserOfTheApi.of(up, "7");
            var launched = alice.launch();
            var shell = ssh(alice, launched);
            interrupt(up, tasks(up).get(0).get("arn").asText());

            assertThat(alice.followUntil(launched.text("id"), "interrupted"))
                    .contains("within two minutes", "save elsewhere");
            var told = alice.get("/api/containers/" + launched.text("id"));
            assertThat(told.text("state")).isEqualTo("active");
            assertThat(told.json().at("/end_reason/cause").asText()).isEqualTo("interrupted");
            assertThat(shell.run("echo still here").out()).isEqualTo("still here\n");

            var anew = alice.launch();
            assertThat(anew.text("id")).isNotEqualTo(launched.text("id"));
            assertThat(ssh(alice, anew).run("echo there").out()).isEqualTo("there\n");
        }
    }

    @Test
    void ctrlCEndsEveryTaskAndALaterUpServesAgain() throws Exception {
        try (var up = BridgeProcess.upOnATerminal(data(), EMULATED)) {
            var alice = UserOfTheApi.of(up, "7");
            assertThat(alice.launch().status()).isEqualTo(200);
            up.pressCtrlC();
            assertThat(up.awaitEnd().out()).contains("stopping: every container ends");
            nothingRuns(data());
        }
        try (var later = BridgeProcess.upWith(data(), EMULATED)) {
            var alice = UserOfTheApi.of(later, "7");
            assertThat(ssh(alice, alice.launch()).run("echo there").out()).isEqualTo("there\n");
        }
    }

    @Test
    void afterACrashItsTasksAreClosedAndTheirUsersLaunchAgain() throws Exception {
        UserOfTheApi.Answer before;
        try (var up = BridgeProcess.upWith(data(), EMULATED)) {
            var alice = UserOfTheApi.of(up, "7");
            before = alice.launch();
            assertThat(before.status()).isEqualTo(200);
            up.kill();
            assertThat(WorkspaceProcesses.of(data())).isNotEmpty();

            try (var later = BridgeProcess.upWith(data(), EMULATED)) {
                alice = UserOfTheApi.of(later, "7");
                var story = alice.followUntil(before.text("id"), "ended");
                assertThat(story).contains("the emulated AWS that had it has ended");
                var again = alice.launch();
                assertThat(ssh(alice, again).run("echo there").out()).isEqualTo("there\n");
                assertThat(tasks(later)).hasSize(1);
            }
        }
        nothingRuns(data());
    }

    @Test
    void withoutAnEmulatorTheMissingSettingsOfAwsAreNamed() throws Exception {
        Files.createDirectories(data());
        var end =
                BridgeProcess.run(
                        data(),
                        Map.of(),
                        "up",
                        "--port=0",
                        "--data=" + data(),
                        "--provider=fargate");
        assertThat(end.status()).isEqualTo(1);
        assertThat(end.err())
                .contains("CLUSTER_NAME is missing", "AWS_REGION is missing", "AGENT_BRIDGE_URL");
    }

    @Test
    void aScriptThatIsWrongAndAPortThatIsTakenAreSaidInOneLine() throws Exception {
        Files.createDirectories(data());
        var script = Files.writeString(folder.resolve("script.yaml"), "phases: {pull: soon}");
        try (var taken = new ServerSocket(0)) {
            var onIt = "--emulator-port=" + taken.getLocalPort();
            var busy =
                    BridgeProcess.run(
                            data(),
                            Map.of(),
                            "up",
                            "--port=0",
                            "--data=" + data(),
                            "--provider=fargate",
                            "--emulated",
                            onIt);
            assertThat(busy.status()).isEqualTo(1);
            assertThat(busy.err()).contains("is in use", "--emulator-port");
        }
        var wrong =
                BridgeProcess.run(
                        data(),
                        Map.of(),
                        "up",
                        "--port=0",
                        "--data=" + data(),
                        "--provider=fargate",
                        "--emulated",
                        "--emulator-port=0",
                        "--script=" + script);
        assertThat(wrong.status()).isEqualTo(1);
        assertThat(wrong.err()).contains("script.yaml", "pull").hasLineCount(1);
    }
}
