package dev.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.runtimebridge.testing.DockerDaemon;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.services.ecs.model.Task;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Emulated tasks that are containers of a real engine, started by the real SDK. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DockerTasksTest {
    private static final String SCRIPT =
            """
            scale: 10
            definitions:
              - {family: looks, image: runtime-bridge-tests/looks, cpu: 512, memory: 128}
              - {family: stays, image: runtime-bridge-tests/stays, memory: 64, stopTimeout: 5s}
              - {family: greedy, image: runtime-bridge-tests/greedy, memory: 32}
              - {family: fails, image: runtime-bridge-tests/fails}
              - {family: unbuilt, image: runtime-bridge/cobol}
            """;

    /** Prints what a task finds around it, then ends as it is told. */
    private static final String LOOKS =
            """
            trap 'exit 7' TERM
            echo "$FOR_IT"
            hostname -i
            url=${ECS_CONTAINER_METADATA_URI_V4#http://}
            host=${url%%/*}
            exec 3<>"/dev/tcp/${host%:*}/${host#*:}"
            printf 'GET /%s/task HTTP/1.1\\r\\nHost: %s\\r\\nConnection: close\\r\\n\\r\\n' \\
                "${url#*/}" "$host" >&3
            cat <&3
            echo
            echo 'that is all'
            while :; do sleep 1; done
            """;

    @TempDir private Path folder;

    private final DockerDaemon daemon = DockerDaemon.shared();
    private EmulatedAccount account;
    private EcsTasks tasks;

    @BeforeEach
    void open() {
        daemon.images();
        account = EmulatedAccount.onDocker(DockerTasks.usual().with(SCRIPT), 0, runner());
        tasks = new EcsTasks(account.emulator().endpoint());
    }

    private DockerTasks runner() {
        return DockerTasks.open(Map.of("DOCKER_HOST", daemon.host().toString()), folder);
    }

    @AfterEach
    void endEverything() {
        tasks.close();
        account.close();
        assertThat(daemon.docker("ps", "--all", "--quiet")).isBlank();
        assertThat(daemon.docker("network", "ls", "--format", "{{.Name}}"))
                .doesNotContain("runtime-bridge");
    }

    /** An image on the base that runs this with bash. */
    private void odd(String name, String program) throws IOException {
        Files.writeString(folder.resolve("program"), program);
        Files.writeString(
                folder.resolve("Dockerfile"),
                "FROM runtime-bridge/base\nCOPY program /\nENTRYPOINT [\"bash\", \"/program\"]\n");
        daemon.docker(
                "build", "--quiet", "--tag", "runtime-bridge-tests/" + name, folder.toString());
    }

    private String containerOf(Task task) {
        var id = task.taskArn().substring(task.taskArn().lastIndexOf('/') + 1);
        return daemon.docker("ps", "--all", "--quiet", "--filter", "name=" + id + "-1").strip();
    }

    @Test
    void aTaskHasItsAddressItsLimitsItsEnvironmentAndItsMetadata() throws Exception {
        odd("looks", LOOKS);
        var task = tasks.start("looks", Map.of("FOR_IT", "an override"));
        var address = EcsTasks.address(tasks.await(task, "RUNNING"));
        var container = containerOf(task);
        EcsTasks.until("it has looked", () -> said(container).contains("that is all"));

        var said = said(container).lines().toList();
        assertThat(said.get(0)).isEqualTo("an override");
        assertThat(said.get(1)).isEqualTo(address);
        assertThat(said.get(2)).startsWith("HTTP/1.1 200");
        var metadata = new ObjectMapper().readTree(said.get(said.size() - 2));
        assertThat(metadata.get("TaskARN").asText()).isEqualTo(task.taskArn());
        assertThat(metadata.at("/Containers/0/Networks/0/IPv4Addresses/0").asText())
                .isEqualTo(address);
        var format = "{{.HostConfig.NanoCpus}} {{.HostConfig.Memory}}";
        assertThat(daemon.docker("inspect", "--format", format, container))
                .isEqualToIgnoringNewLines("500000000 " + (128 << 20));

        tasks.stop(task, "enough");
        var stopped = tasks.await(task, "STOPPED");
        assertThat(stopped.stoppedReason()).isEqualTo("enough");
        assertThat(stopped.containers().getFirst().exitCode()).isEqualTo(7);
        EcsTasks.until(
                "nothing is left of it", () -> daemon.docker("ps", "--all", "--quiet").isBlank());
    }

    private String said(String container) {
        return daemon.docker("logs", container);
    }

    @Test
    void whoDoesNotEndWhenToldIsKilledAfterItsStopTimeout() throws Exception {
        odd("stays", "trap '' TERM; while :; do sleep 1; done");
        var task = tasks.start("stays", Map.of());
        tasks.await(task, "RUNNING");
        tasks.stop(task, "enough");
        assertThat(tasks.await(task, "STOPPED").containers().getFirst().exitCode()).isEqualTo(137);
    }

    @Test
    void endsHaveTheWordsThatEcsHasForThem() throws Exception {
        odd("greedy", "exec tail /dev/zero");
        odd("fails", "exit 3");
        var greedy = tasks.start("greedy", Map.of());
        var fails = tasks.start("fails", Map.of());
        var unbuilt = tasks.start("unbuilt", Map.of());

        var ofGreedy = tasks.await(greedy, "STOPPED");
        assertThat(ofGreedy.stopCodeAsString()).isEqualTo("EssentialContainerExited");
        assertThat(ofGreedy.containers().getFirst().exitCode()).isEqualTo(137);
        assertThat(ofGreedy.containers().getFirst().reason())
                .isEqualTo("OutOfMemoryError: Container killed due to memory usage");
        var ofFails = tasks.await(fails, "STOPPED").containers().getFirst();
        assertThat(ofFails.exitCode()).isEqualTo(3);
        assertThat(ofFails.reason()).isNull();
        var ofUnbuilt = tasks.await(unbuilt, "STOPPED");
        assertThat(ofUnbuilt.stopCodeAsString()).isEqualTo("TaskFailedToStart");
        assertThat(ofUnbuilt.stoppedReason())
                .isEqualTo(
                        "CannotPullContainerError: the engine has no image runtime-bridge/cobol");
    }
}
