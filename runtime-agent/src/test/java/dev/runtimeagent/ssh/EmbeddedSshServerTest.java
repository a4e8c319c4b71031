package dev.runtimeagent.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runtimeagent.config.LoginDefaults;
import dev.runtimeagent.secret.Secret;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

class EmbeddedSshServerTest {
    private static final String AT = SshFixture.USER + "@127.0.0.1";

    @TempDir Path folder;
    private SshFixture ssh;

    @BeforeEach
    void start() {
        ssh = new SshFixture(folder);
    }

    @AfterEach
    void stop() {
        ssh.close();
    }

    @Test
    void aCommandsOutputErrorsAndStatusArriveApart() {
        var outcome = ssh.ssh(AT, "echo out; echo err >&2; exit 7");
        assertThat(outcome.output()).isEqualTo("out\n");
        assertThat(outcome.errors()).isEqualTo("err\n");
        assertThat(outcome.status()).isEqualTo(7);
    }

    @Test
    void aCommandReadsItsInputToTheEnd() {
        var input = "0123456789".repeat(300_000);
        var outcome = ssh.sshWithInput(input, AT, "cat");
        assertThat(outcome.status()).isZero();
        assertThat(outcome.output()).isEqualTo(input);
    }

    @Test
    void aCommandThatReadsNoInputEndsAllTheSame() {
        var outcome = ssh.sshWithInput("x".repeat(5_000_000), AT, "head -c 3");
        assertThat(outcome.output()).isEqualTo("xxx");
        assertThat(outcome.status()).isZero();
    }

    @Test
    void aCommandEndedByASignalHas128AndTheSignalAsStatus() {
        assertThat(ssh.ssh(AT, "kill -9 $$").status()).isEqualTo(137);
        assertThat(ssh.ssh("-tt", AT, "kill -9 $$").status()).isEqualTo(137);
    }

    @Test
    void aCommandHasATerminalOnlyWhenOneWasAskedFor() {
        assertThat(ssh.ssh(AT, "tty").output()).isEqualTo("not a tty\n");
        assertThat(ssh.ssh("-o", "SetEnv=COLUMNS=80", AT, "tty").output()).isEqualTo("not a tty\n");
        assertThat(ssh.ssh("-tt", AT, "tty").output()).startsWith("/dev/pts/");
    }

    @Test
    void aClientWithoutATerminalOfItsOwnGets80By24() {
        assertThat(ssh.ssh("-tt", AT, "stty size").output()).isEqualTo("24 80\r\n");
    }

    @Test
    void aShellIsALoginShellInTheWorkspaceWithACleanEnvironment() {
        var outcome =
                ssh.sshWithInput("shopt -q login_shell && echo login\npwd\nenv\nexit 3\n", AT);
        assertThat(outcome.status()).isEqualTo(3);
        assertThat(outcome.output())
                .contains("login\n", ssh.settings.workspace() + "\n")
                .contains("HOME=" + ssh.settings.home(), "USER=together", "SHELL=/bin/bash");
        var names =
                ssh.ssh(AT, "tr '\\0' '\\n' < /proc/$$/environ")
                        .output()
                        .lines()
                        .map(line -> line.split("=", 2)[0]);
        assertThat(names)
                .containsExactlyInAnyOrder("PATH", "LANG", "HOME", "USER", "LOGNAME", "SHELL");
    }

    @Test
    void theContainersMarkReachesWhatAUserStartsAndNoClientSetsIt() {
        var marked = Map.of("RUNTIME_BRIDGE_CONTAINER", "here/container-1");
        var environment = new LoginEnvironment(ssh.settings, LoginDefaults.from(marked));
        assertThat(environment.with(Map.of("RUNTIME_BRIDGE_CONTAINER", "elsewhere")))
                .containsAllEntriesOf(marked);
        var unmarked = new LoginEnvironment(ssh.settings, LoginDefaults.from(Map.of()));
        assertThat(unmarked.with(marked)).doesNotContainKey("RUNTIME_BRIDGE_CONTAINER");
    }

    @Test
    void languageAndTerminalAreTakenFromTheClientAndNothingElse() {
        var outcome =
                ssh.ssh(
                        "-tt",
                        "-o",
                        "SetEnv=LC_TIME=C LANG=en_GB.UTF-8 COLUMNS=7 LD_PRELOAD=/x",
                        AT,
                        "echo $LC_TIME $LANG ${LD_PRELOAD:-none}");
        assertThat(outcome.output()).isEqualTo("C en_GB.UTF-8 none\r\n");
    }

    @Test
    void aWrongPasswordIsRefused() throws IOException {
        ssh.askpassAnswers("wrong");
        var outcome = ssh.ssh(AT, "echo in");
        assertThat(outcome.status()).isEqualTo(255);
        assertThat(outcome.errors()).contains("Permission denied");
    }

    @Test
    void anotherUserIsRefusedWithTheRightPassword() {
        assertThat(ssh.ssh("root@127.0.0.1", "echo in").errors()).contains("Permission denied");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
    void aKeyThatTheUserHasAuthorizedLogsIn(String type) throws Exception {
        var key = folder.resolve("key");
        run("ssh-keygen", "-q", "-t", type, "-N", "", "-f", key.toString());
        ssh.askpassAnswers("wrong");
        assertThat(ssh.ssh("-i", key.toString(), AT, "echo in").status()).isEqualTo(255);

        Files.createDirectories(ssh.settings.home().resolve(".ssh"));
        Files.copy(folder.resolve("key.pub"), ssh.settings.home().resolve(".ssh/authorized_keys"));
        var outcome = ssh.ssh("-i", key.toString(), AT, "echo in");
        assertThat(outcome.output()).as(outcome.errors()).isEqualTo("in\n");
    }

    @Test
    void theHostKeyStaysTheSameAndIsTheOwnersOnly() throws IOException {
        var file = ssh.settings.state().resolve("ssh_host_ed25519");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        var again = new EmbeddedSshServer(ssh.settings, LoginDefaults.fromEnvironment());
        try (again) {
            assertThat(again.hostKey()).isEqualTo(ssh.server.hostKey()).startsWith("ssh-ed25519 ");
        }
        Files.writeString(file, "x\n");
        assertThatThrownBy(
                        () -> new EmbeddedSshServer(ssh.settings, LoginDefaults.fromEnvironment()))
                .hasMessageContaining("holds no Ed25519 key");
    }

    @Test
    void filesGoThereAndBackBySftp() throws IOException {
        var bytes = new byte[3_000_000];
        new java.util.Random(1).nextBytes(bytes);
        Files.write(folder.resolve("local"), bytes);
        var outcome = ssh.sftp("put local remote\nget remote back\nls -l " + folder + "\n", AT);
        assertThat(outcome.status()).as(outcome.errors()).isZero();
        assertThat(ssh.settings.workspace().resolve("remote")).hasBinaryContent(bytes);
        assertThat(folder.resolve("back")).hasBinaryContent(bytes);
        assertThat(outcome.output()).contains("known_hosts");
    }

    @Test
    void aPortIsForwarded() throws Exception {
        var local = freePort();
        try (var target = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var client =
                    ssh.process(
                                    ssh.command(
                                            "ssh",
                                            "-p",
                                            "-o",
                                            "ExitOnForwardFailure=yes",
                                            "-L",
                                            local + ":127.0.0.1:" + target.getLocalPort(),
                                            AT,
                                            "echo up; cat"))
                            .start();
            try {
                assertThat(client.inputReader().readLine()).isEqualTo("up");
                try (var through = new Socket(InetAddress.getLoopbackAddress(), local);
                        var arrived = target.accept()) {
                    through.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
                    through.shutdownOutput();
                    assertThat(arrived.getInputStream().readAllBytes())
                            .asString()
                            .isEqualTo("hello");
                }
            } finally {
                client.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void backgroundJobsAndOrphansEndWithTheirSession() throws Exception {
        var client =
                ssh.process(
                                ssh.command(
                                        "ssh",
                                        "-p",
                                        "-tt",
                                        AT,
                                        "trap '' HUP; sleep 1001 & (sleep 1002 &) ; ps -o sid= $$;"
                                                + " sleep 1003"))
                        .start();
        var session = new ProcessSession(Integer.parseInt(client.inputReader().readLine().strip()));
        eventually(() -> session.members().size() == 3);
        client.destroyForcibly().waitFor();
        eventually(() -> session.members().isEmpty());
    }

    @Test
    void aProcessThatMadeASessionOfItsOwnOutlivesItsLogin() throws Exception {
        var outcome =
                ssh.ssh(
                        AT,
                        "read pid < <(setsid -f sh -c 'echo $$; exec sleep 1004 </dev/null"
                                + " >/dev/null 2>&1'); echo $pid");
        var daemon = ProcessHandle.of(Long.parseLong(outcome.output().strip())).orElseThrow();
        try {
            assertThat(daemon.isAlive()).isTrue();
        } finally {
            daemon.destroyForcibly();
        }
    }

    @Test
    void closingTheServerEndsWhatRunsInIt() throws Exception {
        var client =
                ssh.process(ssh.command("ssh", "-p", "-tt", AT, "trap '' HUP; echo $$; sleep 1005"))
                        .start();
        var session = new ProcessSession(Integer.parseInt(client.inputReader().readLine().strip()));
        ssh.close();
        assertThat(session.members()).isEmpty();
        assertThat(client.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aTakenPortIsNamed() {
        var settings = SshFixture.settings(folder);
        assertThatThrownBy(
                        () -> {
                            try (var second =
                                    new EmbeddedSshServer(
                                            onPort(settings, ssh.server.port()),
                                            LoginDefaults.fromEnvironment())) {
                                second.start(new Login("together", new Secret("x")));
                            }
                        })
                .hasMessageContaining("cannot listen for SSH on 127.0.0.1:" + ssh.server.port());
    }

    private static dev.runtimeagent.config.AgentSettings onPort(
            dev.runtimeagent.config.AgentSettings s, int port) {
        return new dev.runtimeagent.config.AgentSettings(
                s.container(),
                s.bridgeKey(),
                s.bridgeUrl(),
                s.address(),
                s.port(),
                s.ssh(),
                port,
                s.user(),
                s.home(),
                s.workspace(),
                s.state(),
                s.shell(),
                s.sourceUrl(),
                s.allowedOrigins(),
                s.network(),
                s.onEcs(),
                s.cgroup());
    }

    private static int freePort() throws IOException {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static void run(String... words) throws Exception {
        assertThat(new ProcessBuilder(words).inheritIO().start().waitFor()).isZero();
    }

    /** Processes end without telling us: they can only be looked for. */
    private static void eventually(BooleanSupplier condition) throws InterruptedException {
        var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited 10 s").isLessThan(deadline);
            Thread.sleep(20);
        }
    }
}
