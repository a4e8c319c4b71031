package dev.runtimebridge.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.testing.DockerDaemon;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The Fargate path on one machine with real isolation: emulated tasks are real containers. */
@Timeout(240)
class EmulatedOnDockerTest {
    private static final String[] ON_DOCKER = {
        "--provider", "fargate", "--emulated", "--emulator-port", "0", "--containers", "docker"
    };

    @TempDir private Path folder;

    private final DockerDaemon daemon = DockerDaemon.shared();

    private BridgeProcess up() throws IOException {
        return BridgeProcess.upWithDocker(folder.resolve("data"), 0, daemon.host(), ON_DOCKER);
    }

    private OpenSsh ssh(UserOfTheApi user, UserOfTheApi.Answer launched) throws IOException {
        assertThat(launched.status()).as(launched.body()).isEqualTo(200);
        var login = user.get("/api/containers/" + launched.text("id") + "/ssh");
        assertThat(login.status()).as(login.body()).isEqualTo(200);
        return new OpenSsh(folder.resolve(launched.text("id")), login);
    }

    private String containers() {
        return daemon.docker("ps", "--all", "--quiet");
    }

    @Test
    void aLaunchIsAContainerWithATerminalAndNothingOfItIsLeftNotEvenAfterACrash() throws Exception {
        daemon.images("python");
        try (var up = up()) {
            var alice = UserOfTheApi.of(up, "7");
            var launched = alice.launch();
            assertThat(ssh(alice, launched).run("python3 -c 'print(6 * 7)'"))
                    .isEqualTo(new OpenSsh.Done(0, "42\n"));
            inTheTerminal(alice, launched);
            up.kill();
            assertThat(containers()).isNotBlank();

            try (var later = up()) {
                alice = UserOfTheApi.of(later, "7");
                assertThat(alice.followUntil(launched.text("id"), "ended"))
                        .contains("the emulated AWS that had it has ended");
                assertThat(containers()).isBlank();
                assertThat(alice.launch().status()).isEqualTo(200);
                later.terminate();
                assertThat(later.awaitEnd().err()).isEmpty();
            }
        }
        assertThat(containers()).isBlank();
        assertThat(daemon.docker("network", "ls", "--format", "{{.Name}}"))
                .doesNotContain("runtime-bridge");
    }

    /** For which its agent has to reach the bridge. */
    private static void inTheTerminal(UserOfTheApi user, UserOfTheApi.Answer launched)
            throws Exception {
        try (var ide = new SocketIoClient(launched, "websocket")) {
            ide.await("MESSAGE");
            ide.emit("AUTHENTICATE", Map.of("token", user.token()));
            ide.await("AUTHENTICATE");
            ide.emit("SSH_CONNECT", "");
            ide.type("echo $((6 * 7))-it-is\r");
            ide.awaitScreen("42-it-is");
        }
    }
}
