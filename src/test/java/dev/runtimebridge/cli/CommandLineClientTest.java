package dev.runtimebridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

class CommandLineClientTest {
    @TempDir private Path folder;
    private RunCommand command;

    @BeforeEach
    void aCommandLine() {
        command = new RunCommand(folder);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fly",
                "ps --colour",
                "up --port x",
                "up --port 70000",
                "up --provider kubernetes",
                "up --emulated",
                "up --provider fargate --script s.yaml",
                "up --provider fargate --emulated --emulator-port 70000",
                "emulate-aws --port -1",
                "emulate-aws --agent-port 0",
                "emulate-aws --agents robots",
                "token --ttl soon",
                "token --user ",
                "launch --wait 0s",
                "stop --id a --all",
                "images change 1 --cpu-millis a-quarter",
                "images change",
                "images change 1",
                "images fly",
                "images enable",
                "ps extra"
            })
    void whatIsWrongIsSaidInOneLine(String line) {
        command.run(line.split(" ", -1));
        assertThat(command.status).isEqualTo(2);
        assertThat(command.err()).startsWith("bridge: ").hasLineCount(1);
        assertThat(command.out()).isEmpty();
    }

    @Test
    void upKeepsItsDataInTheStateFolderUnlessToldOtherwise() {
        command.run("up");
        command.run("up", "--port", "0", "--data", folder + "/x/../mine");
        assertThat(command.ups)
                .extracting(UpOptions::port, UpOptions::data)
                .containsExactly(
                        tuple(8080, folder.resolve("runtime-bridge")),
                        tuple(0, folder.resolve("mine")));
    }

    @Test
    void aGatewayComesAlongIfItCanUnlessToldOtherwise() {
        command.run("up");
        command.run("up", "--gateway");
        command.run("up", "--no-gateway");
        command.run("gateway", "config", "--out", folder + "/x/../gateway");
        assertThat(command.ups)
                .extracting(UpOptions::gateway)
                .containsExactly(Optional.empty(), Optional.of(true), Optional.of(false));
        assertThat(command.gatewayFolders).containsExactly(folder.resolve("gateway"));
    }

    @Test
    void upRunsContainersHereUnlessToldOtherwise() {
        command.run("up");
        command.run("up", "--provider", "docker");
        command.run("up", "--provider", "local");
        command.run("up", "--provider", "fargate");
        command.run("up", "--provider", "fargate", "--emulated");
        var elsewhere =
                "up --provider=fargate --emulated --emulator-port=0 --script=s.yaml"
                        + " --containers=docker";
        command.run(elsewhere.split(" "));
        assertThat(command.ups)
                .extracting(UpOptions::provider, UpOptions::emulator)
                .containsExactly(
                        tuple(UpOptions.Provider.AUTO, Optional.empty()),
                        tuple(UpOptions.Provider.DOCKER, Optional.empty()),
                        tuple(UpOptions.Provider.LOCAL, Optional.empty()),
                        tuple(UpOptions.Provider.FARGATE, Optional.empty()),
                        tuple(
                                UpOptions.Provider.FARGATE,
                                Optional.of(
                                        new UpOptions.Emulator(
                                                4566, Optional.empty(), TasksRunOn.LOCAL))),
                        tuple(
                                UpOptions.Provider.FARGATE,
                                Optional.of(
                                        new UpOptions.Emulator(
                                                0,
                                                Optional.of(Path.of("s.yaml")),
                                                TasksRunOn.DOCKER))));
    }

    @Test
    void anEmulatedAwsHasRealAgentsUnlessToldOtherwise() {
        command.run("emulate-aws");
        command.run("emulate-aws", "--agents", "stub", "--script", "s.yaml", "--quiet");
        command.run("emulate-aws", "--containers", "docker");
        assertThat(command.emulations)
                .containsExactly(
                        emulated(
                                EmulateOptions.Agents.REAL,
                                TasksRunOn.LOCAL,
                                Optional.empty(),
                                false),
                        emulated(
                                EmulateOptions.Agents.STUB,
                                TasksRunOn.LOCAL,
                                Optional.of(Path.of("s.yaml")),
                                true),
                        emulated(
                                EmulateOptions.Agents.REAL,
                                TasksRunOn.DOCKER,
                                Optional.empty(),
                                false));
    }

    private EmulateOptions emulated(
            EmulateOptions.Agents agents,
            TasksRunOn containers,
            Optional<Path> script,
            boolean quiet) {
        return new EmulateOptions(
                4566,
                script,
                agents,
                containers,
                8000,
                folder.resolve("runtime-bridge/emulated-aws"),
                quiet);
    }

    @Test
    void stubsAreNoContainers() {
        command.run("emulate-aws", "--agents", "stub", "--containers", "docker");
        assertThat(command.status).isEqualTo(2);
        assertThat(command.err()).contains("it does not go with --agents stub");
        assertThat(command.emulations).isEmpty();
    }

    @Test
    void keysAreLinesForAnEnvironmentOrOneObjectForASecretStore() {
        command.run("keys");
        assertThat(command.out()).isEqualTo("# What it is for\nKEY=dmFsdWU=\n");
        command.run("keys", "--json");
        assertThat(command.out()).endsWith("\n{\"KEY\":\"dmFsdWU=\"}\n");
    }

    @Test
    void aBridgeThatAnsweredIsFoundByTheOtherCommands() throws Exception {
        var data = Files.createDirectories(folder.resolve("elsewhere"));
        command.run("up", "--data", data.toString());
        command.ups.getFirst().answersAt(URI.create("http://127.0.0.1:1"));

        command.run("ps");

        assertThat(command.err())
                .isEqualTo(
                        "bridge: no bridge answers at http://127.0.0.1:1: start one with ./bridge"
                                + " up\n");
        assertThat(command.status).isEqualTo(3);
        assertThat(command.tokens.getFirst().data()).isEqualTo(data);
    }

    @Test
    void withoutAnyBridgeOneIsToldHowToStartOne() {
        command.run("ps");
        assertThat(command.err()).contains("./bridge up").hasLineCount(1);
        assertThat(command.status).isEqualTo(3);
    }

    @Test
    void aTokenIsMadeAsAskedFor() {
        command.run("token", "--user", "7", "--email", "a@b.c", "--roles", "x,y", "--ttl", "30m");
        assertThat(command.out()).isEqualTo(FakeBridge.TOKEN + "\n");
        var asked = command.tokens.getFirst();
        assertThat(asked.user()).hasToString("7");
        assertThat(asked.email()).contains("a@b.c");
        assertThat(asked.roles()).isEqualTo(Set.of("x", "y"));
        assertThat(asked.lifetime()).isEqualTo(Duration.ofMinutes(30));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "up",
                "serve",
                "migrate",
                "emulate-aws",
                "token",
                "launch",
                "ssh",
                "ps",
                "stop",
                "keys",
                "images",
                "doctor"
            })
    void everyCommandOfTheHelpPageIsExplained(String name) throws Exception {
        command.run(name, "--help");
        assertThat(command.status).isZero();
        assertThat(command.out()).contains("Usage: ./bridge " + name);
        try (var page = CommandLineClient.class.getResourceAsStream("help.txt")) {
            assertThat(new String(page.readAllBytes())).contains("\n  " + name + " ");
        }
    }
}
