package dev.runtimebridge.provider.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.Session;

import dev.runtimebridge.agent.Credentials;
import dev.runtimebridge.agent.HttpAgentClient;
import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.catalog.Architecture;
import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.Batch;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.Observation;
import dev.runtimebridge.provider.Started;
import dev.runtimebridge.secret.BridgeProof;
import dev.runtimebridge.secret.Secret;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** The base image as a bridge and its user meet it. */
@Timeout(120)
final class RuntimeImageTest {
    private static final Secret KEY = new Secret("an-api-key-for-this-test");
    private static final Image SHELL =
            new Image(
                    new ImageId(1),
                    "Shell",
                    "shell",
                    1,
                    new Image.Run("", "runtime-bridge/base", ""),
                    new Image.Size(1000, 256, Architecture.X86_64),
                    true);

    @TempDir private Path folder;
    private final DockerRig rig = new DockerRig();
    private final HttpAgentClient agent =
            new HttpAgentClient(
                    new BridgeProof(rig.key.privateKey(), InstantSource.system()),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(20),
                    true);
    private ContainerRef ref;
    private Address address;
    private Credentials login;

    @BeforeEach
    void aContainer() {
        ref =
                ((Started.Accepted) rig.provider().start(new Batch("key", SHELL, 1)).getFirst())
                        .ref();
        address = rig.reach(ref);
        login = agent.init(ref, address, KEY);
    }

    @AfterEach
    void endEverything() {
        agent.close();
        rig.close();
    }

    @Test
    void anAgentThatIsKilledComesBackTheSameAndWhatUsersDoGoesOn() throws Exception {
        try (var session = new Login()) {
            session.run("sleep 1000 >/dev/null 2>&1 &");
            asRoot("kill -9 $(pgrep java)");
            assertThat(rig.reach(ref)).isEqualTo(address);
            assertThat(agent.init(ref, address, KEY)).isEqualTo(login);
            assertThat(session.run("pgrep -c sleep")).isEqualTo("1");
            assertThat(asRoot("pgrep -c -f [s]shd:.*listener")).isEqualTo("1");
        }
    }

    @Test
    void anSshdThatIsKilledComesBack() throws Exception {
        asRoot("kill -9 $(cat /run/runtime-agent/sshd.pid)");
        while (!asRoot("pgrep -c -f [s]shd:.*listener || :").equals("1")) {
            DockerRig.pause();
        }
        try (var session = new Login()) {
            assertThat(session.run("echo 42")).isEqualTo("42");
        }
    }

    @Test
    void keysOfTheUsersOwnLogInRootAndWrongPasswordsDoNot() throws Exception {
        var key = folder.resolve("key");
        rig.inside(ref, "mkdir -m 700 .ssh");
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString());
        rig.inside(
                ref,
                "echo '"
                        + Files.readString(Path.of(key + ".pub")).strip()
                        + "' >.ssh/authorized_keys");
        var options = new String[] {"-i", key.toString()};
        assertThat(ssh("together", options)).isZero();
        assertThat(ssh("root", options)).isNotZero();
        Files.delete(key);
        assertThat(ssh("together")).isNotZero();
    }

    @Test
    void aStopAsksProgramsFirstAndKeepsWithinItsTime() throws Exception {
        try (var session = new Login()) {
            session.run(
                    "nohup bash -c 'trap \"echo asked >/tmp/asked; cp /tmp/asked ~/asked; exit\""
                            + " TERM; while :; do sleep 0.1; done' >/dev/null 2>&1 &");
            var begun = System.nanoTime();
            rig.daemon.docker("stop", "--time", "10", ref.value());
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isLessThan(Duration.ofSeconds(8));
        }
        var asked = rig.daemon.docker("cp", ref.value() + ":/home/together/asked", "-");
        assertThat(asked).contains("asked");
        assertThat(rig.look(ref)).isInstanceOf(Observation.Gone.class);
    }

    @Test
    void zombiesAreReaped() throws Exception {
        try (var session = new Login()) {
            session.run("for i in 1 2 3 4 5; do (sleep 0.01 & exec true); done; sleep 0.5");
            assertThat(session.run("ps -eo stat | grep -c ^Z || :")).isEqualTo("0");
        }
    }

    private String asRoot(String command) {
        return rig.daemon.docker("exec", ref.value(), "sh", "-c", command).strip();
    }

    private int ssh(String user, String... options) throws Exception {
        var command =
                new java.util.ArrayList<>(
                        java.util.List.of(
                                "ssh",
                                "-F",
                                "none",
                                "-o",
                                "BatchMode=yes",
                                "-o",
                                "StrictHostKeyChecking=no",
                                "-o",
                                "UserKnownHostsFile=/dev/null",
                                "-o",
                                "IdentitiesOnly=yes"));
        command.addAll(java.util.List.of(options));
        command.addAll(java.util.List.of(user + "@" + address.ip(), "true"));
        return run(command.toArray(String[]::new));
    }

    private static int run(String... command) throws Exception {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        return process.waitFor();
    }

    /** An SSH connection that stays. */
    private final class Login implements AutoCloseable {
        private final Session session;

        Login() throws Exception {
            session = new JSch().getSession(login.user(), address.ip(), login.port());
            session.setPassword(login.auth().reveal().getBytes(StandardCharsets.UTF_8));
            session.setConfig("StrictHostKeyChecking", "no");
            session.connect(20_000);
        }

        String run(String command) throws Exception {
            var channel = (ChannelExec) session.openChannel("exec");
            channel.setCommand(command);
            var out = channel.getInputStream();
            channel.connect(20_000);
            var said = new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
            channel.disconnect();
            return said;
        }

        @Override
        public void close() {
            session.disconnect();
        }
    }
}
