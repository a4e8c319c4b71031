package dev.runtimebridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

class ClientCommandsTest {
    @TempDir private Path folder;
    private FakeBridge bridge;
    private RunCommand command;

    @BeforeEach
    void aBridge() throws IOException {
        bridge = new FakeBridge();
        command = new RunCommand(folder).with("BRIDGE_URL", bridge.url().toString());
    }

    @AfterEach
    void end() {
        bridge.close();
    }

    private void launchesIn(String... streams) {
        bridge.eventStreams.addAll(java.util.List.of(streams));
    }

    @Test
    void aLaunchShowsEachStepWithItsTimeAndThenTheAddress() {
        launchesIn(
                FakeBridge.event(1, "waiting", "00.000")
                        + ": a comment keeps the connection\n\n"
                        + FakeBridge.event(2, "starting", "00.250")
                        + FakeBridge.event(3, "active", "01.500"));
        command.run("launch", "--image", "python");
        assertThat(command.err())
                .isEqualTo(
                        """
                          0.000 s  waiting\s\s
                          0.250 s  starting\s
                          1.500 s  active\s\s\s
                        """);
        assertThat(command.out()).isEqualTo("127.64.0.7:8000\n");
        assertThat(command.status).isZero();
    }

    @Test
    void aLaunchGoesOnWhereADroppedConnectionLeftIt() {
        launchesIn(
                FakeBridge.event(1, "waiting", "00.000"), FakeBridge.event(2, "active", "02.000"));
        command.run("launch");
        assertThat(command.err()).contains("waiting", "active").hasLineCount(2);
        assertThat(bridge.requests()).contains("GET /api/containers/new/events after 1");
        assertThat(command.status).isZero();
    }

    @Test
    void aLaunchThatFailsSaysWhy() {
        bridge.outcome = "ended";
        launchesIn(FakeBridge.event(1, "ended", "00.000"));
        command.run("launch");
        assertThat(command.err())
                .endsWith("bridge: the container did not come up: no container came up\n");
        assertThat(command.status).isEqualTo(1);
    }

    @Test
    void onATerminalTheLaunchEndsWithTheNextStepToTake() {
        launchesIn(FakeBridge.event(1, "active", "00.000"));
        command.onATerminal().run("launch", "--user", "7");
        assertThat(command.out())
                .contains("Python 3 runs at 127.64.0.7:8000", "./bridge ssh --user 7 --image 1");
        assertThat(command.err()).endsWith("\r\033[K");
    }

    @Test
    void jsonIsOneLine() {
        launchesIn(FakeBridge.event(1, "active", "00.000"));
        command.run("launch", "--json");
        assertThat(command.out())
                .hasLineCount(1)
                .contains("\"id\":\"new\"", "\"address\":\"127.64.0.7:8000\"");
    }

    @Test
    void anAmbiguousImageListsWhatItCouldBe() {
        command.run("launch", "--image", "node");
        assertThat(command.err())
                .isEqualTo(
                        "bridge: 'node' could be any of: 2 Node.js 18, 3 Node.js 20; name one by"
                                + " its id\n");
        assertThat(command.status).isEqualTo(1);
    }

    @Test
    void psIsATableForPeopleAndTabsForPrograms() {
        bridge.has("abc", 1, "active");
        command.run("ps");
        assertThat(command.out()).isEqualTo("abc\tPython 3\t\tactive\t90\t127.64.0.7:8000\n");

        var people = new RunCommand(folder).with("BRIDGE_URL", bridge.url().toString());
        people.onATerminal().run("ps");
        assertThat(people.out().lines().map(String::stripTrailing))
                .containsExactly(
                        "ID   IMAGE     SLOT  STATE   AGE   ADDRESS",
                        "abc  Python 3        active  90 s  127.64.0.7:8000");
    }

    @Test
    void psWarnsOfWhatWillBeTakenAway() {
        bridge.leaving = true;
        bridge.has("abc", 1, "active");
        command.onATerminal().run("ps");
        assertThat(command.out())
                .endsWith("abc will be taken away: AWS takes it back; save your files\n");
    }

    @Test
    void psSaysWhatToDoWhereThereIsNothing() {
        command.onATerminal().run("ps", "--user", "7");
        assertThat(command.out())
                .isEqualTo("user 7 has no containers: ./bridge launch starts one\n");
    }

    @Test
    void theOnlyContainerIsStoppedWithoutNamingIt() {
        bridge.has("abc", 1, "active");
        command.run("stop");
        assertThat(command.out()).isEqualTo("stopped abc\n");
        assertThat(bridge.requests()).contains("DELETE /api/containers/abc");
    }

    @Test
    void oneOfSeveralHasToBeNamed() {
        bridge.has("abc", 1, "active");
        bridge.has("def", 2, "active");
        command.run("stop");
        assertThat(command.err()).contains("abc, def").hasLineCount(1);
        assertThat(command.status).isEqualTo(2);

        command.run("stop", "--all");
        assertThat(command.out()).isEqualTo("stopped abc\nstopped def\n");
    }

    @Test
    void aTokenThatIsNotAcceptedIsExplained() {
        command.run("ps", "--token", "wrong");
        assertThat(command.err())
                .contains("the token does not verify", "BRIDGE_TOKEN")
                .hasLineCount(1);
        assertThat(command.status).isEqualTo(1);
    }
}
