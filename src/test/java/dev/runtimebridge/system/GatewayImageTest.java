package dev.runtimebridge.system;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.runtimebridge.BridgeInProcess;
import dev.runtimebridge.config.Development;
import dev.runtimebridge.config.KeyMaterial;
import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.testing.DockerDaemon;
import dev.runtimebridge.testing.FakeProvider;
import dev.runtimebridge.testing.StubAgent;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Two containers of the gateway's image before one bridge, on a network of a real engine; agents
 * that only pong stand for users' containers.
 */
@Timeout(300)
class GatewayImageTest {
    private static final String IMAGE = "runtime-bridge-tests/gateway";
    private static final String NETWORK = "gateway-image-test";
    private static final String DOMAIN = "run.example.org";
    private static final Path CONTEXT = BridgeProcess.project().resolve("deploy/gateway");
    private static final Duration LONGEST_START = Duration.ofSeconds(60);

    @TempDir private static Path folder;
    private static final DockerDaemon DAEMON = DockerDaemon.shared();
    private static final ExecutorService REQUESTS = Executors.newVirtualThreadPerTaskExecutor();
    private static BridgeInProcess bridge;
    private static Agents agents;
    private static UserOfTheApi owner;
    private static List<Gateway> gateways;

    /** All at the address by which the network's containers reach this machine. */
    private record Agents(String ip, Map<ContainerRef, StubAgent> open)
            implements FakeProvider.Agents {
        @Override
        public Address open(ContainerRef ref) {
            return open.computeIfAbsent(ref, one -> new StubAgent(one, ip, REQUESTS)).address();
        }

        @Override
        public void close(ContainerRef ref) {
            open.remove(ref).close();
        }
    }

    @BeforeAll
    static void up() throws Exception {
        DAEMON.docker(
                "build",
                "--network=host",
                "--build-arg=BASE=" + DAEMON.debian(),
                "--tag=" + IMAGE,
                CONTEXT.toString());
        DAEMON.docker("network", "create", NETWORK);
        var here =
                DAEMON.docker(
                                "network",
                                "inspect",
                                "--format={{(index .IPAM.Config 0).Gateway}}",
                                NETWORK)
                        .strip();
        var keys = KeyMaterial.generate(new SecureRandom());
        var values = new HashMap<>(Development.values(Map.of(), folder, 0, keys));
        values.putAll(
                Map.of("GATEWAY_DOMAIN", DOMAIN, "GATEWAY_TLS", "false", "GATEWAY_PORT", "443"));
        agents = new Agents(here, new ConcurrentHashMap<>());
        bridge =
                BridgeInProcess.start(
                        values, new FakeProvider(InstantSource.system(), agents), here);
        owner = new UserOfTheApi(bridge.url(), keys.jwtSecret(), "7");
        var environment = environment(keys);
        gateways = List.of(Gateway.run(environment), Gateway.run(environment));
        for (var gateway : gateways) {
            gateway.awaitHealth();
        }
    }

    /** What a gateway is told, in a file: the key is to be in no command line. */
    private static Path environment(KeyMaterial keys) throws IOException {
        var key =
                keys.asTextWithGatewayKey()
                        .lines()
                        .filter(line -> line.startsWith("GATEWAY_KEY="))
                        .findFirst()
                        .orElseThrow();
        var file =
                Files.createFile(
                        folder.resolve("gateway.env"),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, key + "\nBRIDGE_URL=" + bridge.url() + "\n");
    }

    @AfterAll
    static void end() {
        if (gateways != null) {
            gateways.forEach(gateway -> DAEMON.docker("rm", "--force", gateway.container));
        }
        DAEMON.docker("network", "rm", NETWORK);
        if (bridge != null) {
            bridge.close();
            agents.open.keySet().forEach(agents::close);
        }
        REQUESTS.close();
    }

    @Test
    void bothLetTheOwnerInAndRefuseWithinASecondOfTheEnd() throws Exception {
        var launched = owner.launch();
        var host = URI.create(launched.text("proxy_url")).getAuthority();
        var token = "Authorization: Bearer " + owner.token();
        for (var gateway : gateways) {
            assertThat(gateway.ask(host, "/ping", token)).contains(" 200 ", "pong");
            assertThat(gateway.ask(host, "/ping")).contains(" 401 ");
        }

        owner.stop(launched.text("id"));

        refusedWithinASecond(host, token, " 404 ");
    }

    @Test
    void aShareIsOneAtBothAndWithinASecondOfItsWithdrawalAtNeither() throws Exception {
        var path = "/api/containers/" + owner.launch().text("id") + "/shares";
        var share = owner.post(path, "{\"port\": 3000}");
        var link = URI.create(share.text("url"));
        var entered =
                gateways.getFirst()
                        .ask(link.getAuthority(), link.getRawPath() + "?" + link.getRawQuery());
        var guest =
                "Cookie: " + entered.replaceAll("(?s).*\r\nSet-Cookie: ([^;]*);.*", "$1").strip();
        for (var gateway : gateways) {
            assertThat(gateway.ask(link.getAuthority(), "/ping", guest)).contains(" 200 ");
        }

        owner.delete(path + "/" + share.text("id"));

        refusedWithinASecond(link.getAuthority(), guest, " 403 ");
    }

    private static void refusedWithinASecond(String host, String credential, String status)
            throws IOException {
        var from = Instant.now();
        for (var gateway : gateways) {
            var answer = gateway.ask(host, "/ping", credential);
            while (answer.contains(" 200 ") || answer.contains(" 502 ")) {
                answer = gateway.ask(host, "/ping", credential);
            }
            assertThat(answer).contains(status);
        }
        assertThat(Duration.between(from, Instant.now())).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void itRunsAsNobodySpecialAndEndsWhenItIsTold() throws IOException {
        var other = Gateway.run(folder.resolve("gateway.env"));
        other.awaitHealth();
        assertThat(DAEMON.docker("exec", other.container, "id", "-u").strip()).isEqualTo("10001");
        assertThat(other.ask("elsewhere.example.org", "/")).contains(" 404 ");

        DAEMON.docker("stop", "--time=30", other.container);

        assertThat(
                        DAEMON.docker("inspect", "--format={{.State.ExitCode}}", other.container)
                                .strip())
                .isEqualTo("0");
        assertThat(DAEMON.docker("logs", other.container))
                .contains("\"host\":\"elsewhere.example.org\",\"path\":\"/\",\"status\":404");
        DAEMON.docker("rm", other.container);
    }

    /** A container of the image. */
    private record Gateway(String container, String ip) {
        static Gateway run(Path environment) {
            var container =
                    DAEMON.docker(
                                    "run",
                                    "--detach",
                                    "--network=" + NETWORK,
                                    "--cap-drop=ALL",
                                    "--security-opt=no-new-privileges",
                                    "--env-file=" + environment,
                                    IMAGE)
                            .strip();
            var ip =
                    DAEMON.docker(
                                    "inspect",
                                    "--format={{range"
                                            + " .NetworkSettings.Networks}}{{.IPAddress}}{{end}}",
                                    container)
                            .strip();
            return new Gateway(container, ip);
        }

        /** As the engine finds out, but at once. */
        void awaitHealth() {
            var deadline = Instant.now().plus(LONGEST_START);
            while (true) {
                try {
                    DAEMON.docker("exec", container, "/opt/gateway/healthy");
                    return;
                } catch (IllegalStateException e) {
                    if (Instant.now().isAfter(deadline)) {
                        throw new AssertionError(DAEMON.docker("logs", container), e);
                    }
                }
            }
        }

        /** The whole answer. */
        String ask(String host, String path, String... headers) throws IOException {
            try (var socket = new Socket(ip, 8080)) {
                var request =
                        "GET "
                                + path
                                + " HTTP/1.1\r\nConnection: close\r\nHost: "
                                + host
                                + "\r\n"
                                + String.join(
                                        "", List.of(headers).stream().map(h -> h + "\r\n").toList())
                                + "\r\n";
                socket.getOutputStream().write(request.getBytes(ISO_8859_1));
                return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            }
        }
    }
}
