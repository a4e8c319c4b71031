package dev.runtimeagent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** The agent as its own process, under its supervisor. */
@Timeout(120)
class ProcessTest {
    @TempDir Path folder;

    private final FakeBridge bridge = new FakeBridge();
    private final HttpClient client = HttpClient.newHttpClient();
    private Process supervisor;

    @AfterEach
    void close() throws Exception {
        if (supervisor != null) {
            supervisor.descendants().forEach(ProcessHandle::destroyForcibly);
            supervisor.destroyForcibly().waitFor();
        }
        client.shutdownNow();
        bridge.close();
    }

    @Test
    void aKilledAgentComesBackTheSame() throws Exception {
        int port = freePort();
        var environment = environment(port);
        environment.put("AGENT_SSH_PORT", String.valueOf(freePort()));
        start(environment);
        bridge.nextCall();
        var before = init(port);
        assertThat(before.statusCode()).isEqualTo(200);

        var agent = supervisor.descendants().findFirst().orElseThrow();
        agent.destroyForcibly();
        agent.onExit().get(10, TimeUnit.SECONDS);

        assertThat(bridge.nextCall().path())
                .as("it calls home again")
                .isEqualTo("/api/containers/ready");
        assertThat(ping(port)).contains("\"init\":true");
        assertThat(init(port).body()).isEqualTo(before.body());
    }

    @Test
    void sigtermEndsBothWithStatusZero() throws Exception {
        start(environment(freePort()));
        bridge.nextCall();
        var agent = supervisor.descendants().findFirst().orElseThrow();

        supervisor.destroy();

        assertThat(supervisor.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(supervisor.exitValue()).isZero();
        assertThat(agent.isAlive()).isFalse();
    }

    @Test
    void aSpotTasksUserWorksOnAfterTheNoticeUntilTheBridgeGivesTheContainerUp() throws Exception {
        int port = freePort();
        var environment = environment(port);
        environment.put("ECS_CONTAINER_METADATA_URI_V4", "http://127.0.0.1:1/v4/task");
        start(environment);
        bridge.nextCall();
        init(port);
        bridge.credentials("127.0.0.1", 2222, "together", "secret", "ssh-ed25519 AAAA");

        supervisor.destroy();
        assertThat(bridge.nextCall().path()).isEqualTo("/api/containers/info");
        assertThat(bridge.nextCall().path()).isEqualTo("/api/containers/info");
        assertThat(ping(port)).contains("\"init\":true");

        bridge.answer("/api/containers/info", 404, "{}");
        assertThat(supervisor.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(supervisor.exitValue()).isZero();
    }

    @Test
    void settingsThatCannotWorkAreNotTriedAgain() throws Exception {
        var environment = environment(freePort());
        environment.remove("AGENT_CONTAINER");
        environment.put("AGENT_BRIDGE_URL", "nonsense");
        start(environment);

        assertThat(supervisor.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(supervisor.exitValue()).isEqualTo(78);
        assertThat(log())
                .contains("runtime-agent: AGENT_CONTAINER is not set")
                .contains("runtime-agent: AGENT_BRIDGE_URL is \"nonsense\"")
                .doesNotContain("\tat ");
    }

    @Test
    void aPortInUseIsOneClearLine() throws Exception {
        try (var taken = new ServerSocket(0)) {
            start(environment(taken.getLocalPort()));
            while (!log().contains("starting it again")) {
                assertThat(supervisor.waitFor(50, TimeUnit.MILLISECONDS)).as(log()).isFalse();
            }
            assertThat(log()).contains("127.0.0.1:" + taken.getLocalPort()).doesNotContain("\tat ");
        }
    }

    @Test
    void noSecretIsInTheLogOrTheProcessList() throws Exception {
        int port = freePort();
        start(environment(port));
        bridge.nextCall();
        var password = new ObjectMapper().readTree(init(port).body()).path("auth").asText();
        var agent = supervisor.descendants().findFirst().orElseThrow();
        var process = Path.of("/proc", String.valueOf(agent.pid()));
        for (var file :
                List.of(
                        process.resolve("cmdline"),
                        process.resolve("environ"),
                        folder.resolve("log"))) {
            assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                    .doesNotContain(password)
                    .doesNotContain(FakeBridge.API_KEY);
        }
    }

    /** Classes and libraries as the build left them, in the place of an installed agent's. */
    private void start(Map<String, String> environment) throws IOException {
        var builder = new ProcessBuilder(Path.of("bin", "run-agent").toAbsolutePath().toString());
        builder.environment()
                .keySet()
                .removeIf(key -> key.startsWith("AGENT_") || key.startsWith("JAVA_"));
        builder.environment().putAll(environment);
        builder.environment()
                .put(
                        "AGENT_JAVA",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString());
        builder.environment().put("AGENT_LIB", installed().toString());
        supervisor =
                builder.redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile())
                        .start();
    }

    /** A jar that only names this test's class path, so that the test needs no packaging. */
    private Path installed() throws IOException {
        var jar = folder.resolve("runtime-agent.jar");
        if (Files.exists(jar)) {
            return folder;
        }
        var manifest = new Manifest();
        var classPath = new StringBuilder();
        for (var entry :
                System.getProperty(
                                "surefire.real.class.path", System.getProperty("java.class.path"))
                        .split(":")) {
            classPath.append(Path.of(entry).toUri()).append(' ');
        }
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Main.class.getName());
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath.toString().strip());
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            out.finish();
        }
        return folder;
    }

    private Map<String, String> environment(int port) {
        var environment = bridge.environment(folder);
        environment.put("AGENT_PORT", String.valueOf(port));
        return environment;
    }

    private HttpResponse<String> init(int port) throws Exception {
        return client.send(
                request(port, "/init")
                        .header("Content-Type", "application/json")
                        .header("X-Bridge-Proof", bridge.proof())
                        .POST(
                                BodyPublishers.ofString(
                                        "{\"api_key\": \"" + FakeBridge.API_KEY + "\"}"))
                        .build(),
                BodyHandlers.ofString());
    }

    private String ping(int port) throws Exception {
        return client.send(request(port, "/ping").build(), BodyHandlers.ofString()).body();
    }

    private static HttpRequest.Builder request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20));
    }

    private String log() throws IOException {
        var log = folder.resolve("log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
