package dev.runtimebridge.testing;

import dev.runtimebridge.gateway.Gateway;
import dev.runtimebridge.gateway.GatewaySettings;
import dev.runtimebridge.gateway.NginxConfiguration;
import dev.runtimebridge.gateway.NginxProgram;
import dev.runtimebridge.secret.Secret;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A real NGINX as the gateway of a domain {@code localhost}, before whatever bridges there are. */
public final class TestGateway implements AutoCloseable {
    public static final Secret KEY = new Secret("sentinel-gateway-key");
    public static final String IDE = "https://ide.example";

    private final Gateway.Running running;
    private final int port;
    private final Path folder;

    private TestGateway(Gateway.Running running, int port, Path folder) {
        this.running = running;
        this.port = port;
        this.folder = folder;
    }

    public static NginxProgram nginx() {
        return NginxProgram.find(System.getenv("PATH"))
                .orElseThrow(() -> new IllegalStateException(NginxProgram.NEEDS));
    }

    /**
     * @param bridges host:port of each
     */
    public static TestGateway start(Path folder, List<String> bridges)
            throws IOException, InterruptedException {
        return start(folder, bridges, List.of());
    }

    /**
     * @param proxies networks of what stands before it
     */
    public static TestGateway start(Path folder, List<String> bridges, List<String> proxies)
            throws IOException, InterruptedException {
        return start(folder, bridges, proxies, KEY);
    }

    /**
     * @param proxies networks of what stands before it
     * @param key what these bridges want to be shown
     */
    public static TestGateway start(
            Path folder, List<String> bridges, List<String> proxies, Secret key)
            throws IOException, InterruptedException {
        int port = freePort();
        var configuration = configuration(settings(port, bridges), proxies, key);
        return new TestGateway(Gateway.start(configuration, nginx(), folder), port, folder);
    }

    public static GatewaySettings settings(int port, List<String> bridges) {
        return new GatewaySettings(
                "localhost",
                port,
                "127.0.0.1:" + port,
                bridges,
                true,
                Optional.empty(),
                Optional.of(1));
    }

    public static NginxConfiguration configuration(GatewaySettings settings) {
        return configuration(settings, List.of(), KEY);
    }

    private static NginxConfiguration configuration(
            GatewaySettings settings, List<String> proxies, Secret key) {
        return new NginxConfiguration(
                settings,
                key,
                List.of(IDE),
                proxies,
                Duration.ofSeconds(120),
                Duration.ofSeconds(1),
                false);
    }

    public static int freePort() throws IOException {
        try (var any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    public int port() {
        return port;
    }

    /** One request to a host of the domain. */
    public RawHttps.Answer ask(String host, String requestLine, String... headers)
            throws IOException {
        return RawHttps.once(host + ".localhost", port, requestLine, headers);
    }

    public RawHttps connect(String host) throws IOException {
        return RawHttps.connect(host + ".localhost", port);
    }

    /** What NGINX has logged, of requests and errors; it writes once a second. */
    public String logs() throws IOException {
        return Files.readString(folder.resolve("access.log"))
                + Files.readString(folder.resolve("error.log"));
    }

    @Override
    public void close() {
        running.close();
    }
}
