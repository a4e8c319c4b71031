package dev.runtimebridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.cli.CheckResult.State;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

class DoctorCommandTest {
    private static final CheckResult WELL =
            new CheckResult("cluster bridge", State.OK, "active, 3 tasks run", "");
    private static final CheckResult NOTE =
            new CheckResult("subnet subnet-a", State.NOTE, "not checked", "allow it");
    private static final CheckResult WRONG =
            new CheckResult("credentials", State.WRONG, "they have expired", "renew them");

    @TempDir private Path folder;
    private RunCommand command;

    @BeforeEach
    void aCommandLine() {
        command = new RunCommand(folder);
    }

    @Test
    void findingsAreToldToPeopleWithWhatToDo() {
        command.findings.add(WELL);
        command.findings.add(WRONG);
        command.onATerminal().run("doctor");
        assertThat(command.out())
                .isEqualTo(
                        """
                        ok     cluster bridge: active, 3 tasks run
                        wrong  credentials: they have expired
                               -> renew them

                        one thing has to be mended
                        """);
        assertThat(command.status).isEqualTo(1);
    }

    @Test
    void whereNothingIsWrongTheStatusIsZeroNotesOrNot() {
        command.findings.add(WELL);
        command.findings.add(NOTE);
        command.onATerminal().run("doctor");
        assertThat(command.out()).endsWith("\nnothing has to be mended\n");
        assertThat(command.status).isZero();
    }

    @Test
    void findingsAreTabsOrJsonForPrograms() {
        command.findings.add(WRONG);
        command.run("doctor");
        assertThat(command.out()).isEqualTo("wrong\tcredentials\tthey have expired\trenew them\n");

        var json = new RunCommand(folder);
        json.findings.add(WRONG);
        json.run("doctor", "--json");
        assertThat(json.out())
                .isEqualTo(
                        "{\"state\":\"wrong\",\"check\":\"credentials\","
                                + "\"detail\":\"they have expired\",\"hint\":\"renew them\"}\n");
        assertThat(json.status).isEqualTo(1);
    }

    @Test
    void theFolderOfAnUpCanBeNamed() {
        command.run("doctor");
        command.run("doctor", "--data", folder + "/x/../mine");
        assertThat(command.doctors)
                .containsExactly(
                        new DoctorOptions(folder.resolve("runtime-bridge"), false),
                        new DoctorOptions(folder.resolve("mine"), true));
    }
}
