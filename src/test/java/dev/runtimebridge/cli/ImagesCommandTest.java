package dev.runtimebridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

class ImagesCommandTest {
    @TempDir private Path folder;
    @AutoClose private FakeBridge bridge;
    private RunCommand command;

    @BeforeEach
    void aBridge() throws IOException {
        bridge = new FakeBridge();
        command = new RunCommand(folder).with("BRIDGE_URL", bridge.url().toString());
    }

    @Test
    void imagesAreATableForPeople() {
        command.onATerminal().run("images");
        assertThat(command.out().lines().map(String::stripTrailing))
                .containsExactly(
                        "ID  NAME      LANGUAGE  REVISION  CPU   MEMORY   ARCHITECTURE  USD/HOUR  "
                                + " STATE      RUNS",
                        "1   Python 3  python    2         0.25  512 MiB  arm64         0.0123425 "
                                + " available  python3, python:7");
    }

    @Test
    void imagesAreTabsOrJsonForPrograms() {
        command.run("images", "list");
        assertThat(command.out())
                .isEqualTo(
                        "1\tPython 3\tpython\t2\t250\t512\tarm64\t0.0123425\tavailable\tpython3\t\t"
                                + "python:7\t5\n");

        var json = new RunCommand(folder).with("BRIDGE_URL", bridge.url().toString());
        json.run("images", "--json");
        assertThat(json.out())
                .hasLineCount(1)
                .contains("\"task_definition\":\"python:7\"", "\"version\":5");
    }

    @Test
    void theTokenThatIsMadeForItIsAnAdministrators() {
        command.run("images");
        command.run("ps");
        assertThat(command.tokens)
                .extracting(TokenOptions::roles)
                .containsExactly(Set.of("admin"), Set.of());
    }

    @Test
    void anAdditionSendsWhatWasSaidOfIt() {
        command.onATerminal()
                .run(
                        ("images add --name Kotlin --language kotlin --task-definition k:7"
                                        + " --cpu-millis 250 --memory-mib 512 --architecture arm64"
                                        + " --price-usd-per-hour 0.0123425 --disabled")
                                .split(" ", -1));
        assertThat(bridge.requests())
                .containsExactly(
                        "POST /api/admin/images",
                        "null {\"name\":\"Kotlin\",\"language\":\"kotlin\",\"task_definition\":\"k:7\","
                            + "\"cpu_millis\":250,\"memory_mib\":512,\"architecture\":\"arm64\","
                            + "\"price_usd_per_hour\":\"0.0123425\",\"enabled\":false}");
        assertThat(command.out()).isEqualTo("added image 1, Python 3\n");
    }

    @Test
    void aChangeNamesTheImageAsPeopleDoAndSendsNothingElse() {
        command.run("images", "change", "python", "--local-command", "");
        assertThat(bridge.requests())
                .containsExactly(
                        "GET /api/admin/images",
                        "PATCH /api/admin/images/1",
                        "* {\"local_command\":\"\"}");
        assertThat(command.out()).startsWith("1\tPython 3\t");
    }

    @Test
    void aChangeCanBeBoundToTheVersionThatWasSeen() {
        command.onATerminal()
                .run("images", "change", "1", "--memory-mib", "1024", "--if-version", "5");
        assertThat(bridge.requests()).contains("\"5\" {\"memory_mib\":1024}");
        assertThat(command.out()).isEqualTo("image 1, Python 3, is of revision 2 now\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"disable", "enable"})
    void anImageIsSwitchedOffAndOn(String way) {
        command.onATerminal().run("images", way, "Python 3");
        assertThat(bridge.requests()).contains("* {\"enabled\":" + way.equals("enable") + "}");
        assertThat(command.out())
                .isEqualTo(
                        "image 1, Python 3, is switched "
                                + (way.equals("enable") ? "on" : "off")
                                + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "add", "change", "disable", "enable"})
    void everyOneOfItsCommandsIsExplained(String name) {
        command.run("images", name, "--help");
        assertThat(command.status).isZero();
        assertThat(command.out())
                .startsWith("Usage: ./bridge images " + name)
                .contains("--json", "--url");
    }
}
