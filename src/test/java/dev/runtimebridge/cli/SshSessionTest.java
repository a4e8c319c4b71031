package dev.runtimebridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.pty4j.PtyProcess;
import com.pty4j.PtyProcessBuilder;
import com.pty4j.WinSize;

import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.shell.InvertedShellWrapper;
import org.apache.sshd.server.shell.ProcessShell;
import org.apache.sshd.server.shell.ProcessShellFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.HashMap;

@Timeout(60)
class SshSessionTest {
    private static final String PASSWORD = "not-for-any-log";
    @TempDir private Path folder;
    private SshServer server;
    private FakeBridge bridge;
    private RunCommand command;
    private String hostKey;

    @BeforeEach
    void aContainer() throws Exception {
        var keys = newKeys();
        hostKey = PublicKeyEntry.toString(keys.getPublic());
        server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        server.setKeyPairProvider(KeyPairProvider.wrap(keys));
        server.setPasswordAuthenticator((user, password, session) -> password.equals(PASSWORD));
        server.setCommandFactory(
                (channel, line) ->
                        new InvertedShellWrapper(new ProcessShell("/bin/sh", "-c", line)));
        server.setShellFactory(new ProcessShellFactory("/bin/sh", "/bin/sh"));
        server.start();

        bridge = new FakeBridge();
        bridge.has("abc", 1, "active");
        bridge.login = login(PASSWORD, hostKey);
        command = new RunCommand(folder).with("BRIDGE_URL", bridge.url().toString());
    }

    private static KeyPair newKeys() throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private String login(String password, String key) {
        return "{\"host\":\"127.0.0.1\",\"port\":%d,\"user\":\"together\",\"password\":\"%s\",\"host_key\":\"%s\"}"
                .formatted(server.getPort(), password, key);
    }

    @AfterEach
    void end() throws IOException {
        bridge.close();
        server.stop(true);
    }

    @Test
    void aCommandsOutputErrorsAndStatusComeThrough() {
        command.run("ssh", "--", "echo to-out; echo to-err >&2; exit 7");
        assertThat(command.status).isEqualTo(7);
        assertThat(command.out()).isEqualTo("to-out\n");
        assertThat(command.err()).isEqualTo("to-err\n");
    }

    @Test
    void theLastByteOfALongOutputArrivesToo() {
        command.run("ssh", "--", "head -c 3000000 /dev/zero | tr '\\0' x; echo end");
        assertThat(command.status).isZero();
        assertThat(command.out()).hasSize(3_000_004).endsWith("xend\n");
    }

    @Test
    void whoWorksInWhatWillBeTakenAwayIsToldFirst() {
        bridge.leaving = true;
        bridge.has("abc", 1, "active");
        command.run("ssh", "--", "echo here");
        assertThat(command.err())
                .isEqualTo("bridge: abc will be taken away: AWS takes it back; save your files\n");
        assertThat(command.out()).isEqualTo("here\n");
    }

    @Test
    void whatIsPipedInReachesTheCommand() {
        command.input("one\ntwo\n").run("ssh", "--", "wc -l");
        assertThat(command.out().strip()).isEqualTo("2");
    }

    @Test
    void withoutACommandTheShellReadsWhatIsPipedIn() {
        command.input("echo $((6 * 7)); exit 3\n").run("ssh");
        assertThat(command.out()).contains("42");
        assertThat(command.status).isEqualTo(3);
    }

    @Test
    void anotherHostKeyIsRefusedBeforeThePasswordIsSent() throws Exception {
        bridge.login = login(PASSWORD, PublicKeyEntry.toString(newKeys().getPublic()));
        command.run("ssh", "--", "true");
        assertThat(command.status).isEqualTo(255);
        assertThat(command.err()).startsWith("bridge: no SSH session with").hasLineCount(1);
        assertThat(command.err()).doesNotContain(PASSWORD);
    }

    @Test
    void aWrongPasswordIsSaidInOneLineAndNotShown() {
        bridge.login = login("wrong-one", hostKey);
        command.run("ssh", "--", "true");
        assertThat(command.status).isEqualTo(255);
        assertThat(command.err()).hasLineCount(1).doesNotContain("wrong-one");
    }

    @Test
    void anUnknownHostKeyIsNotTrusted() {
        bridge.login = login(PASSWORD, "");
        command.run("ssh", "--", "true");
        assertThat(command.status).isEqualTo(255);
        assertThat(command.err()).contains("host key").hasLineCount(1);
    }

    @Test
    void aContainerThatNothingLeadsToIsSaidInOneLineWithAWayOut() {
        // what is sent to everybody cannot be connected to, from anywhere, at once
        bridge.login = login(PASSWORD, hostKey).replace("127.0.0.1", "255.255.255.255");
        command.run("ssh", "--", "true");
        assertThat(command.status).isEqualTo(255);
        assertThat(command.err())
                .hasLineCount(1)
                .startsWith("bridge: no SSH session with 255.255.255.255:")
                .contains("no way leads there from here", "private subnet", "from there");
    }

    @Test
    void whereNothingLeadsThereTheShellComesByTheGateway() {
        bridge.proxy = "https://127.0.0.1:1";
        bridge.has("abc", 1, "active");
        bridge.login = login(PASSWORD, hostKey).replace("127.0.0.1", "255.255.255.255");
        command.run("ssh");
        assertThat(command.status).isEqualTo(255);
        assertThat(command.err())
                .hasLineCount(2)
                .startsWith("bridge: 255.255.255.255 cannot be reached from here: the shell comes")
                .contains("\nbridge: no terminal through the gateway at 127.0.0.1:1: it cannot be");
    }

    @Test
    void theGatewayCarriesNoSingleCommandAndHasToBeThere() {
        command.run("ssh", "--gateway");
        assertThat(command.err()).isEqualTo("bridge: this bridge has no gateway\n");

        var single = new RunCommand(folder).with("BRIDGE_URL", bridge.url().toString());
        single.run("ssh", "--gateway", "--", "true");
        assertThat(single.err()).contains("the gateway carries a shell, not a single command");
        assertThat(single.status).isEqualTo(2);
    }

    @Test
    void aContainerWhoseServerHasEndedIsNotTakenForOneOutOfReach() throws IOException {
        server.stop(true);
        command.run("ssh", "--", "true");
        assertThat(command.status).isEqualTo(255);
        assertThat(command.err())
                .hasLineCount(1)
                .contains("nothing listens there")
                .doesNotContain("subnet");
    }

    @Test
    void aContainerIsLaunchedFirstWhereThereIsNone() {
        bridge.has("abc", 1, "ended");
        bridge.eventStreams.add(FakeBridge.event(1, "active", "00.000"));
        command.run("ssh", "--image", "python", "--", "echo up");
        assertThat(command.out()).isEqualTo("up\n");
        assertThat(bridge.requests()).contains("POST /api/containers/launch");
    }

    @Test
    void theTerminalIsRawDuringTheSessionAndItselfAgainAfterwards() throws Exception {
        server.setShellFactory(channel -> new TerminalProbe());
        var terminal = terminal();
        try {
            var screen = new StringBuilder();
            readUntil(terminal, screen, "size 101x33");
            type(terminal, "\u0003");
            readUntil(terminal, screen, "03");
            terminal.setWinSize(new WinSize(90, 20));
            readUntil(terminal, screen, "size 90x20");
            type(terminal, "q");
            readUntil(terminal, screen, "restored 5");
        } finally {
            terminal.destroyForcibly();
        }
    }

    @Test
    void theTerminalIsItselfAgainWhenTheClientIsEnded() throws Exception {
        server.setShellFactory(channel -> new TerminalProbe());
        var terminal = terminal();
        try {
            var screen = new StringBuilder();
            readUntil(terminal, screen, "size 101x33");
            var client =
                    ProcessHandle.of(terminal.pid())
                            .orElseThrow()
                            .children()
                            .findFirst()
                            .orElseThrow();
            client.destroy();
            readUntil(terminal, screen, "restored 143");
        } finally {
            terminal.destroyForcibly();
        }
    }

    /** The command line in a terminal of 101 columns and 33 rows. */
    private PtyProcess terminal() throws IOException {
        var script =
                "before=$(stty -g)\n"
                    + "\"$JAVA\" -cp \"$CP\" -Dbridge.terminal=true -Dbridge.keyboard=true"
                    + " dev.runtimebridge.cli.SshInATerminal ssh\n"
                    + "status=$?\n"
                    + "[ \"$before\" = \"$(stty -g)\" ] && echo restored $status || echo changed\n";
        var environment = new HashMap<>(System.getenv());
        environment.put("JAVA", Path.of(System.getProperty("java.home"), "bin", "java").toString());
        environment.put("CP", System.getProperty("java.class.path"));
        environment.put("BRIDGE_URL", bridge.url().toString());
        environment.put("XDG_STATE_HOME", folder.toString());
        environment.put("TERM", "xterm");
        return new PtyProcessBuilder(new String[] {"/bin/sh", "-c", script})
                .setEnvironment(environment)
                .setInitialColumns(101)
                .setInitialRows(33)
                .start();
    }

    private static void type(PtyProcess terminal, String keys) throws IOException {
        terminal.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
        terminal.getOutputStream().flush();
    }

    private static void readUntil(PtyProcess terminal, StringBuilder screen, String awaited)
            throws IOException {
        var some = new byte[4096];
        while (screen.indexOf(awaited) < 0) {
            int read = terminal.getInputStream().read(some);
            if (read < 0) {
                throw new AssertionError("ended without '" + awaited + "': " + screen);
            }
            screen.append(new String(some, 0, read, StandardCharsets.UTF_8));
        }
    }
}
