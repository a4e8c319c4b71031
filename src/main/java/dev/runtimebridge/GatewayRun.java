package dev.runtimebridge;

import dev.runtimebridge.cli.UpOptions;
import dev.runtimebridge.config.Development;
import dev.runtimebridge.config.Settings;
import dev.runtimebridge.gateway.Gateway;
import dev.runtimebridge.gateway.NginxProgram;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The gateway that {@code up} brings along, where NGINX is installed. */
final class GatewayRun implements AutoCloseable {
    private static final int USUAL_PORT = 8443;

    private final Optional<NginxProgram> nginx;
    private final UpOptions options;
    private final Path folder;
    private Optional<String> without = Optional.empty();
    private Optional<Gateway.Running> running = Optional.empty();

    GatewayRun(UpOptions options, String searchPath) {
        this.options = options;
        this.nginx = NginxProgram.find(searchPath);
        this.folder = options.data().resolve("gateway");
    }

    /**
     * The configuration with a gateway, or without where none was asked for and none can be had.
     *
     * @throws IOException when one was asked for and cannot be had
     */
    Map<String, String> configure(Map<String, String> values) throws IOException {
        if (!options.gateway().orElse(true)) {
            return Development.withoutGateway(values);
        }
        int port = options.port() == 0 ? freePort() : USUAL_PORT;
        var with = Development.withGateway(values, port);
        if (nginx.isEmpty()) {
            without = Optional.of(NginxProgram.NEEDS);
        } else if (!free(Integer.parseInt(with.getOrDefault("GATEWAY_PORT", "0")))
                && Gateway.runningIn(folder).isEmpty()) { // one that a killed bridge left will end
            without =
                    Optional.of(
                            "port " + with.get("GATEWAY_PORT") + " is in use: set GATEWAY_PORT");
        }
        if (without.isEmpty()) {
            return with;
        }
        if (options.gateway().orElse(false)) {
            throw new IOException("no gateway: " + without.get());
        }
        return Development.withoutGateway(values);
    }

    /**
     * Writes the configuration of NGINX for bridges that run by themselves.
     *
     * @throws IOException when there is no gateway in the settings, or no good one
     */
    static Path config(Settings settings, String searchPath, Path folder)
            throws IOException, InterruptedException {
        var gateway =
                settings.gateway()
                        .orElseThrow(
                                () ->
                                        new IOException(
                                                "there is no gateway: set GATEWAY_DOMAIN, see"
                                                        + " .env.example"));
        var nginx =
                NginxProgram.find(searchPath)
                        .orElseThrow(() -> new IOException(NginxProgram.NEEDS));
        return Gateway.install(GatewayWiring.nginx(gateway, settings), nginx, folder, folder);
    }

    /** What to say of it beside the bridge's address. */
    List<String> notes() {
        return without.map(why -> "No gateway to containers: " + why + ".").stream().toList();
    }

    /**
     * Starts NGINX before a bridge that listens already, where there is to be a gateway.
     *
     * @throws UncheckedIOException when it does not start
     */
    void start(Settings settings, int bridgePort) {
        if (settings.gateway().isEmpty() || nginx.isEmpty()) {
            return;
        }
        var here = settings.gateway().get().at(List.of("127.0.0.1:" + bridgePort));
        try {
            running =
                    Optional.of(
                            Gateway.start(
                                    GatewayWiring.nginx(here, settings), nginx.get(), folder));
        } catch (IOException e) {
            throw new UncheckedIOException("no gateway: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the gateway started", e);
        }
    }

    /** Ends NGINX; may be repeated. */
    @Override
    public void close() {
        running.ifPresent(Gateway.Running::close);
        running = Optional.empty();
    }

    private static int freePort() throws IOException {
        try (var any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    private static boolean free(int port) {
        try (var probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
