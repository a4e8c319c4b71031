package dev.runtimebridge.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.pty4j.WinSize;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** The main job, as two users of a bridge that was brought up with one command see it. */
@Timeout(240)
class MainJobTest {
    @TempDir private Path folder;

    private BridgeProcess bridge;

    @Test
    void twoUsersWorkInRuntimesOfTheirOwnThroughACrashAndANewLaunch() throws Exception {
        var data = folder.resolve("data");
        try (var first = BridgeProcess.up(data, 0)) {
            bridge = first;
            var alice = user("7");
            var bob = user("bob");
            var alices = alice.launchLater("");
            var bobs = bob.launchLater("");
            var hers = alices.join();
            var his = bobs.join();
            assertThat(hers.status()).as(hers.body()).isEqualTo(200);
            assertThat(his.status()).as(his.body()).isEqualTo(200);
            assertThat(hers.text("id")).isNotEqualTo(his.text("id"));
            assertThat(alice.launch().text("id")).isEqualTo(hers.text("id"));

            var herLogin = login(alice, hers);
            var aliceIn = new OpenSsh(folder.resolve("alice"), herLogin);
            var bobIn = new OpenSsh(folder.resolve("bob"), login(bob, his));
            theyWorkOverSsh(aliceIn, bobIn);
            theyWorkInTheTerminal(alice, bob, hers);

            first.kill();
            try (var second = BridgeProcess.up(data, first.url().getPort())) {
                bridge = second;
                assertThat(second.url()).isEqualTo(first.url());
                assertThat(user("7").launch().text("id")).isEqualTo(hers.text("id"));
                assertThat(user("bob").launch().text("id")).isEqualTo(his.text("id"));
                assertThat(login(alice, hers).json()).isEqualTo(herLogin.json());
                assertThat(aliceIn.run("cat note").out()).isEqualTo("hers\n");
                assertThat(bobIn.run("cat note").out()).isEqualTo("his\n");
                theyWorkInTheTerminal(alice, bob, hers);

                filesComeBack(alice, hers);
                second.terminate();
                var end = second.awaitEnd();
                assertThat(end.err()).isEmpty();
                nothingRuns(data);
            }
        }
    }

    private void theyWorkOverSsh(OpenSsh alice, OpenSsh bob) throws Exception {
        assertThat(alice.run("python3 -c 'print(6 * 7)'")).isEqualTo(new OpenSsh.Done(0, "42\n"));
        assertThat(bob.run("python3 -c 'import sys; sys.exit(9)'").status()).isEqualTo(9);
        assertThat(alice.run("echo hers > note; umask 0; echo open > /tmp/open").status()).isZero();
        assertThat(bob.run("echo his > note").status()).isZero();
        assertThat(bob.run("cat note").out()).isEqualTo("his\n");
        assertThat(bob.run("cat /tmp/open").status()).isNotZero();
        var everything = "grep -rls hers /home /tmp /var/tmp /proc/*/root/home 2>/dev/null; true";
        assertThat(bob.run(everything).out()).isEmpty();

        var sent = Files.write(folder.resolve("sent"), new byte[300_000]);
        var back = folder.resolve("back");
        var copied = alice.sftp("put %s there\nget there %s\n".formatted(sent, back));
        assertThat(copied.status()).as(copied.out()).isZero();
        assertThat(back).hasSameBinaryContentAs(sent);

        var terminal = alice.terminal(80, 24);
        try {
            var screen = new Screen(terminal);
            screen.type("PS1='$''> '; stty size");
            screen.await("24 80");
            terminal.setWinSize(new WinSize(132, 43));
            screen.type(
                    "trap 'stty size' WINCH; until [ \"$(stty size)\" = '43 132' ]; do :; done;"
                            + " stty size");
            screen.await("43 132\r\n");
            screen.type("exit 5");
            assertThat(terminal.waitFor()).isEqualTo(5);
        } finally {
            terminal.destroyForcibly();
        }
    }

    private void theyWorkInTheTerminal(
            UserOfTheApi alice, UserOfTheApi bob, UserOfTheApi.Answer hers) throws Exception {
        for (var transport : new String[] {"websocket", "polling"}) {
            try (var ide = new SocketIoClient(hers, transport)) {
                assertThat(ide.await("MESSAGE").get("data").asText()).isEqualTo("connected");
                ide.emit("AUTHENTICATE", Map.of("token", alice.token()));
                assertThat(ide.await("AUTHENTICATE").get("data").asText())
                        .isEqualTo("AUTHENTICATE");
                ide.emit("SSH_CONNECT", "");
                ide.emit("SSH_RESIZE", Map.of("cols", 91, "rows", 31));
                ide.type("clear; stty size; echo $((40 + 2))-and-done\r");
                ide.awaitScreen("42-and-done");
                ide.type("exit\r");
                assertThat(ide.await("SSH_DOWN").get("data").get("type").asText())
                        .isEqualTo("ssh closed");
            }
        }
        try (var foreign = new SocketIoClient(hers, "websocket")) {
            foreign.await("MESSAGE");
            foreign.emit("AUTHENTICATE", Map.of("token", bob.token()));
            assertThat(foreign.await("ERROR").get("data").get("type").asText()).isEqualTo("auth");
        }
    }

    private void filesComeBack(UserOfTheApi alice, UserOfTheApi.Answer hers) throws Exception {
        assertThat(alice.stop(hers.text("id")).status()).isEqualTo(202);
        var again = alice.launch();
        assertThat(again.status()).as(again.body()).isEqualTo(200);
        assertThat(again.text("id")).isNotEqualTo(hers.text("id"));
        var ssh = new OpenSsh(folder.resolve("again"), login(alice, again));
        assertThat(ssh.run("cat note").out()).isEqualTo("hers\n");
    }

    private UserOfTheApi user(String name) throws IOException {
        return UserOfTheApi.of(bridge, name);
    }

    private static UserOfTheApi.Answer login(UserOfTheApi user, UserOfTheApi.Answer launched) {
        var login = user.get("/api/containers/" + launched.text("id") + "/ssh");
        assertThat(login.status()).as(login.body()).isEqualTo(200);
        return login;
    }

    private static void nothingRuns(Path data) throws IOException {
        assertThat(WorkspaceProcesses.of(data).stream().map(WorkspaceProcesses::describe))
                .isEmpty();
    }

    @Test
    void ctrlCEndsWhatAUserLeftRunningInTheBackgroundToo() throws Exception {
        var data = folder.resolve("data");
        try (var up = BridgeProcess.upOnATerminal(data)) {
            bridge = up;
            leaveSomethingRunning(data);
            up.pressCtrlC();
            assertThat(up.awaitEnd().out()).contains("stopping: ");
            nothingRuns(data);
        }
    }

    @Test
    void withoutASandboxItIsFoundToo() throws Exception {
        var data = folder.resolve("data");
        var path = Map.of("PATH", refusingBubblewrap() + ":" + System.getenv("PATH"));
        try (var up = BridgeProcess.up(data, 0, path)) {
            bridge = up;
            leaveSomethingRunning(data);
            up.terminate();
            assertThat(up.awaitEnd().out()).contains("No permissions to create", "stopping: ");
            nothingRuns(data);
        }
    }

    private void leaveSomethingRunning(Path data) throws Exception {
        var alice = user("7");
        var ssh = new OpenSsh(folder.resolve("alice"), login(alice, alice.launch()));
        var running =
                "setsid sh -c '(sleep 86123 >/dev/null 2>&1 </dev/null &)';"
                        + " until pgrep -n sleep; do :; done";
        assertThat(ssh.run(running).out()).matches("\\d+\n");
        assertThat(WorkspaceProcesses.of(data).stream().map(WorkspaceProcesses::describe))
                .anyMatch(process -> process.contains("86123"));
    }

    /** A folder whose {@code bwrap} says what the real one says where it may not do its work. */
    private Path refusingBubblewrap() throws IOException {
        var programs = Files.createDirectory(folder.resolve("programs"));
        var refusing = programs.resolve("bwrap");
        Files.writeString(
                refusing,
                "#!/bin/sh\necho 'bwrap: No permissions to create new namespace'; exit 1\n");
        Files.setPosixFilePermissions(refusing, PosixFilePermissions.fromString("rwxr-xr-x"));
        return programs;
    }
}
