package dev.runtimebridge.bench;

import dev.runtimebridge.config.Development;
import dev.runtimebridge.config.KeyMaterial;
import dev.runtimebridge.store.DatabaseSettings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A bridge as users start it, by {@code ./bridge up} or {@code serve}, in a process of its own. */
final class RealBridge implements AutoCloseable {
    private static final Duration LONGEST_END = Duration.ofSeconds(30);
    private static final String READY = "ready ";

    private final Path data;
    private final Process process;
    private final URI url;
    private final KeyMaterial keys;
    private final List<String> command;
    private final Map<String, String> environment;
    private boolean killed;

    private RealBridge(
            Path data, List<String> command, Map<String, String> environment, KeyMaterial keys)
            throws IOException {
        this.data = data;
        this.keys = keys;
        this.command = command;
        this.environment = environment;
        // What serve logs, every request among it, goes where up's log goes by itself.
        var log = data.resolve("error-stream.log").toFile();
        var builder = new ProcessBuilder(command).redirectError(Redirect.appendTo(log));
        builder.environment().putAll(environment);
        process = builder.start();
        try {
            url = URI.create(awaitReady().substring(READY.length()).strip());
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Everything embedded; {@code bound} says on which cores. */
    static RealBridge up(UnaryOperator<List<String>> bound) throws IOException {
        return up(bound, "local", Map.of());
    }

    /** The same with containers on this Docker engine. */
    static RealBridge upOnDocker(URI host) throws IOException {
        return up(Command::first, "docker", Map.of("DOCKER_HOST", host.toString()));
    }

    /** The same with a gateway on this port. */
    static RealBridge upWithGateway(int port) throws IOException {
        return up(Command::first, "local", Map.of("GATEWAY_PORT", Integer.toString(port)));
    }

    private static RealBridge up(
            UnaryOperator<List<String>> bound, String provider, Map<String, String> environment)
            throws IOException {
        var data = Files.createTempDirectory("bench-bridge-");
        var keys = KeyMaterial.readOrCreate(data, new SecureRandom());
        var command =
                List.of(
                        "./bridge",
                        "up",
                        "--port",
                        "0",
                        "--data",
                        data.toString(),
                        "--provider",
                        provider);
        return new RealBridge(data, bound.apply(command), environment, keys);
    }

    /** The local provider on a database server. */
    static RealBridge serve(UnaryOperator<List<String>> bound, DatabaseSettings database)
            throws IOException {
        return serve(bound, values(database));
    }

    /** As up is configured, but for these settings. */
    static RealBridge serve(UnaryOperator<List<String>> bound, Map<String, String> settings)
            throws IOException {
        var data = Files.createTempDirectory("bench-bridge-");
        var keys = KeyMaterial.readOrCreate(data, new SecureRandom());
        var environment = new HashMap<>(Development.values(Map.of(), data, 0, keys));
        environment.putAll(settings);
        return new RealBridge(data, bound.apply(List.of("./bridge", "serve")), environment, keys);
    }

    /** A database server as configuration. */
    static Map<String, String> values(DatabaseSettings database) {
        var at = URI.create(database.url().substring("jdbc:".length()));
        return Map.of(
                "DATABASE", "mysql",
                "DB_URI", at.getHost(),
                "DB_PORT", Integer.toString(at.getPort()),
                "DB_DATABASE", at.getPath().substring(1),
                "DB_USER", database.user(),
                "DB_PASSWORD", database.password().reveal());
    }

    private String awaitReady() throws IOException {
        // Not closed: the bridge goes on writing until it ends.
        var lines = process.inputReader();
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(READY)) {
                return line;
            }
        }
        throw new IllegalStateException("the bridge ended before it was ready");
    }

    long pid() {
        return process.pid();
    }

    URI url(String path) {
        return url.resolve(path);
    }

    Path data() {
        return data;
    }

    /** Users of this bridge; close them. */
    Launches users() {
        return new Launches(url, keys);
    }

    /** Ends the bridge as a crash would; what it started goes on. */
    void kill() {
        killed = true;
        process.destroyForcibly();
    }

    /** A bridge that was killed, anew on the same folder and by the same settings. */
    RealBridge startAgain() throws IOException, InterruptedException {
        process.waitFor();
        killed = false;
        return new RealBridge(data, command, environment, keys);
    }

    /** Ends the bridge and all that it started, also before it was killed. */
    @Override
    public void close() {
        if (killed) {
            closeHeir();
            return;
        }
        var children = new ArrayList<>(process.descendants().toList());
        process.destroy();
        try {
            if (!process.waitFor(LONGEST_END.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
        remove(data);
    }

    /** What a killed bridge started is ended by the next one on its folder. */
    private void closeHeir() {
        try {
            startAgain().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void remove(Path folder) {
        try (var files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
