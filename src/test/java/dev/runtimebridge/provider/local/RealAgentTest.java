package dev.runtimebridge.provider.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;

import dev.runtimebridge.agent.AgentException;
import dev.runtimebridge.agent.Credentials;
import dev.runtimebridge.agent.HttpAgentClient;
import dev.runtimebridge.allocation.Ids;
import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.allocation.Slot;
import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.catalog.Architecture;
import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.Batch;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.FileTrees;
import dev.runtimebridge.provider.Observation;
import dev.runtimebridge.provider.Workspace;
import dev.runtimebridge.secret.BridgeKey;
import dev.runtimebridge.secret.BridgeProof;
import dev.runtimebridge.secret.Secret;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** The agent as the build leaves it, run by the local provider and reached as the bridge does. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class RealAgentTest {
    private static final ImageId IMAGE = new ImageId(1);
    private static final Image SHELL =
            new Image(
                    IMAGE,
                    "Shell",
                    "shell",
                    1,
                    new Image.Run("sh", "none", "none"),
                    new Image.Size(1, 1, Architecture.X86_64),
                    true);
    private static final Workspace ALICES = Workspace.of(new UserId("alice"), IMAGE, Slot.DEFAULT);
    private static final Secret KEY = new Secret("an-api-key-for-this-test");

    @TempDir private Path temporary;
    private HttpAgentClient agent;
    private BridgeKey key;
    private LocalProvider provider;

    @BeforeEach
    void aBridge() throws Exception {
        key = BridgeKey.generate(new SecureRandom());
        agent =
                new HttpAgentClient(
                        new BridgeProof(key.privateKey(), InstantSource.system()),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(20),
                        true);
    }

    @AfterEach
    void endEverything() throws IOException {
        agent.close();
        provider.owned().forEach(ref -> provider.stop(ref, "the test is over"));
        assertThat(marks().find()).isEmpty();
        FileTrees.delete(temporary.resolve("data"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAgentComesBackTheSameAfterACrashAndNothingOutlivesItsContainer(boolean sandbox)
            throws Exception {
        open(sandbox);
        var ref =
                ((dev.runtimebridge.provider.Started.Accepted)
                                provider.start(new Batch("real", SHELL, 1)).getFirst())
                        .ref();
        var address = answers(ref);
        provider.attach(ref, ALICES);
        var before = agent.init(ref, address, KEY);
        assertThat(ssh(address, before, "echo kept >kept.txt; pwd")).endsWith("/workspace");

        var crashed = agents(ref).getFirst();
        crashed.kill();
        LocalContract.until("the agent has ended", () -> !crashed.alive());
        assertThat(answers(ref)).isEqualTo(address);
        assertThat(agent.init(ref, address, KEY)).isEqualTo(before);
        assertThat(ssh(address, before, "cat kept.txt")).isEqualTo("kept");

        var seconds = (sandbox ? 7_000_000 : 8_000_000) + ProcessHandle.current().pid();
        var sleep = "sleep " + seconds;
        ssh(address, before, "setsid " + sleep + " </dev/null >/dev/null 2>&1 &");
        ssh(address, before, "(setsid sh -c '(" + sleep + " &)' </dev/null >/dev/null 2>&1 &)");
        LocalContract.until("both run", () -> running(sleep) == 2);

        provider.stop(ref, "test");
        assertThat(running(sleep)).isZero();
        assertThat(marks().find()).isEmpty();
        assertThat(temporary.resolve("data/containers")).isEmptyDirectory();
    }

    private void open(boolean sandbox) throws IOException {
        var software = AgentSoftware.builtIn(root());
        assertThat(software.libraries().resolve("runtime-agent.jar"))
                .as("built before this test: mvn -pl runtime-agent -am package -DskipTests")
                .exists();
        provider =
                LocalProvider.open(
                        new LocalSettings(
                                temporary.resolve("data"),
                                "/usr/bin:/bin",
                                software,
                                key.forAgents(),
                                () -> URI.create("http://127.0.0.1:9"),
                                LocalSettings.AGENT_PORT,
                                LocalSettings.SSH_PORT,
                                Map.of(),
                                LocalSettings.GRACE,
                                sandbox),
                        new Ids(new SecureRandom()),
                        InstantSource.system());
        assertThat(provider.isolation().sandboxed()).isEqualTo(sandbox);
    }

    private static Path root() {
        var folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve("runtime-agent/bin/run-agent"))) {
            folder = folder.getParent();
        }
        return java.util.Objects.requireNonNull(folder, "not run inside the project");
    }

    /** Waits until the container's agent answers a ping under the container's name. */
    private Address answers(ContainerRef ref) {
        LocalContract.until("the agent answers", () -> pings(ref));
        return ((Observation.Reachable) provider.observe(List.of(ref)).get(ref)).address();
    }

    private boolean pings(ContainerRef ref) {
        if (provider.observe(List.of(ref)).get(ref)
                instanceof Observation.Reachable(var address, _)) {
            try {
                agent.ping(ref, address);
                return true;
            } catch (AgentException e) {
                return false;
            }
        }
        return false;
    }

    private List<ProcessIdentity> agents(ContainerRef ref) throws IOException {
        return marks().find().getOrDefault(ref, List.of()).stream()
                .filter(
                        process ->
                                LocalContract.commandLine(process.pid())
                                        .contains("runtime-agent.jar"))
                .toList();
    }

    private Marks marks() throws IOException {
        return new Marks(Files.readString(temporary.resolve("data/installation")).strip());
    }

    private static long running(String command) {
        var line = command.replace(' ', '\0') + "\0";
        return ProcessHandle.allProcesses()
                .filter(process -> LocalContract.commandLine(process.pid()).equals(line))
                .count();
    }

    /** Logs in, to this very host key only, and runs a command; answers what it printed. */
    private static String ssh(Address address, Credentials login, String command)
            throws JSchException, IOException {
        var jsch = new JSch();
        var known = "[%s]:%d %s\n".formatted(address.ip(), login.port(), login.hostKey());
        jsch.setKnownHosts(new ByteArrayInputStream(known.getBytes(StandardCharsets.UTF_8)));
        Session session = jsch.getSession(login.user(), address.ip(), login.port());
        session.setConfig("StrictHostKeyChecking", "yes");
        session.setConfig("server_host_key", login.hostKey().split(" ")[0]);
        session.setPassword(login.auth().reveal().getBytes(StandardCharsets.UTF_8));
        session.connect(20_000);
        try {
            var channel = (ChannelExec) session.openChannel("exec");
            channel.setCommand(command);
            var output = channel.getInputStream();
            channel.connect(20_000);
            return new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
        } finally {
            session.disconnect();
        }
    }
}
