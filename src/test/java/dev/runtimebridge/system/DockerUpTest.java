package dev.runtimebridge.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.testing.DockerDaemon;
import dev.runtimebridge.testing.ImagesAhead;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The main job on Docker, on a real engine with the real images. */
@Timeout(600)
@Tag(ImagesAhead.WANTED)
class DockerUpTest {
    private static final List<Program> PROGRAMS =
            List.of(
                    new Program(1, "p.py", "print(6*7)", "python3 p.py"),
                    new Program(2, "p.js", "console.log(6*7)", "node p.js"),
                    new Program(
                            3,
                            "P.java",
                            "class P {public static void main(String[] a)"
                                    + " {System.out.println(6*7);}}",
                            "javac P.java && java P"),
                    new Program(
                            4,
                            "p.c",
                            "#include <stdio.h>\nint main() {printf(\"%d\\n\", 6*7); return 0;}",
                            "gcc -o p p.c && ./p"),
                    new Program(
                            5,
                            "p.cc",
                            "#include <iostream>\nint main() {std::cout << 6*7 << std::endl;}",
                            "g++ -o p p.cc && ./p"),
                    new Program(
                            6,
                            "p.go",
                            "package main\nimport \"fmt\"\nfunc main() {fmt.Println(6*7)}",
                            "go run p.go"));

    @TempDir private Path folder;

    private final DockerDaemon daemon = DockerDaemon.shared();

    /** What a language's image has to be able to do. */
    private record Program(int image, String file, String text, String run) {}

    private Path data() {
        return folder.resolve("data");
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(daemon.docker("ps", "--all", "--quiet")).isBlank();
        assertThat(daemon.docker("network", "ls", "--format", "{{.Name}}"))
                .doesNotContain("runtime-bridge");
    }

    private OpenSsh ssh(UserOfTheApi user, UserOfTheApi.Answer launched) throws IOException {
        assertThat(launched.status()).as(launched.body()).isEqualTo(200);
        var login = user.get("/api/containers/" + launched.text("id") + "/ssh");
        assertThat(login.status()).as(login.body()).isEqualTo(200);
        return new OpenSsh(folder.resolve(launched.text("id")), login);
    }

    @Test
    void everyLanguageCompilesAndRunsAProgramOverSshAndInTheTerminal() throws Exception {
        daemon.allImages();
        try (var up = BridgeProcess.upWithDocker(data(), 0, daemon.host())) {
            for (var program : PROGRAMS) {
                var user = UserOfTheApi.of(up, "user-" + program.image());
                var launched = user.launch(program.image());
                var ssh = ssh(user, launched);
                var source = Files.writeString(folder.resolve("source"), program.text() + "\n");
                assertThat(ssh.sftp("put %s %s\n".formatted(source, program.file())).status())
                        .isZero();
                assertThat(ssh.run(program.run())).isEqualTo(new OpenSsh.Done(0, "42\n"));
                inTheTerminal(user, launched, program.run());
                assertThat(user.stop(launched.text("id")).status()).isEqualTo(202);
            }
            up.terminate();
            assertThat(up.awaitEnd().err()).isEmpty();
        }
    }

    private static void inTheTerminal(
            UserOfTheApi user, UserOfTheApi.Answer launched, String command) throws Exception {
        try (var ide = new SocketIoClient(launched, "websocket")) {
            ide.await("MESSAGE");
            ide.emit("AUTHENTICATE", Map.of("token", user.token()));
            ide.await("AUTHENTICATE");
            ide.emit("SSH_CONNECT", "");
            ide.type("pwd; " + command + " | sed 's/$/-it-is/'\r");
            ide.awaitScreen("42-it-is");
        }
    }

    @Test
    void threeUsersHaveContainersOfTheirOwnThroughACrashAndANewLaunch() throws Exception {
        daemon.images("python");
        try (var first = BridgeProcess.upWithDocker(data(), 0, daemon.host())) {
            var alice = UserOfTheApi.of(first, "7");
            var others = List.of(UserOfTheApi.of(first, "8"), UserOfTheApi.of(first, "9"));
            var hers = alice.launch();
            var aliceIn = ssh(alice, hers);
            assertThat(first.said()).contains("Docker runs the containers, since it answers");
            for (var other : others) {
                var in = ssh(other, other.launch());
                assertThat(in.run("echo theirs >note; umask 0; echo open >/tmp/open").status())
                        .isZero();
            }
            assertThat(aliceIn.run("cat /tmp/open").status()).isNotZero();
            assertThat(aliceIn.run("pwd; whoami; echo hers >note").out())
                    .isEqualTo("/home/together/workspace\ntogether\n");
            first.kill();

            var port = first.url().getPort();
            try (var second = BridgeProcess.upWithDocker(data(), port, daemon.host())) {
                var again = UserOfTheApi.of(second, "7");
                assertThat(again.launch().text("id")).isEqualTo(hers.text("id"));
                assertThat(aliceIn.run("cat note").out()).isEqualTo("hers\n");
                inTheTerminal(again, hers, "echo 42");

                assertThat(again.stop(hers.text("id")).status()).isEqualTo(202);
                var next = again.launch();
                assertThat(next.text("id")).isNotEqualTo(hers.text("id"));
                assertThat(ssh(again, next).run("cat note").out()).isEqualTo("hers\n");
                second.terminate();
                assertThat(second.awaitEnd().err()).isEmpty();
            }
        }
    }

    @Test
    void whereDockerIsNotReadyProcessesAreTakenAndItSaysWhy() throws Exception {
        var nobody = URI.create("unix://" + folder.resolve("nobody.sock"));
        try (var up = BridgeProcess.upWithDocker(data(), 0, nobody)) {
            var alice = UserOfTheApi.of(up, "7");
            assertThat(ssh(alice, alice.launch()).run("echo 42").out()).isEqualTo("42\n");
            assertThat(up.said())
                    .contains(
                            "containers are processes of this machine: the Docker engine at "
                                    + nobody
                                    + " does not answer");
            up.terminate();
            up.awaitEnd();
        }
    }

    @Test
    void whoInsistsOnDockerIsToldWhatIsMissing() throws Exception {
        var nobody = URI.create("unix://" + folder.resolve("nobody.sock"));
        try (var up = BridgeProcess.upWithDocker(data(), 0, nobody, "--provider", "docker")) {
            var end = up.awaitEnd();
            assertThat(end.status()).isEqualTo(1);
            assertThat(end.err())
                    .startsWith("bridge: ")
                    .contains("the Docker engine at " + nobody + " does not answer")
                    .hasLineCount(1);
        }
    }

    @Test
    void processesCanBeInsistedOn() throws Exception {
        daemon.images("python");
        var options = new String[] {"--provider", "local"};
        try (var up = BridgeProcess.upWithDocker(data(), 0, daemon.host(), options)) {
            var alice = UserOfTheApi.of(up, "7");
            assertThat(ssh(alice, alice.launch()).run("echo 42").out()).isEqualTo("42\n");
            assertThat(daemon.docker("ps", "--quiet")).isBlank();
            up.terminate();
            up.awaitEnd();
        }
    }
}
