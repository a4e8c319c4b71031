package dev.runtimebridge.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A real registry on loopback, where engines need no certificate. */
public final class DockerRegistry implements AutoCloseable {
    private static final Duration LONGEST_START = Duration.ofSeconds(20);
    private static final Duration GLANCE = Duration.ofMillis(20);

    private final Process process;
    private final int port;

    /**
     * Starts it.
     *
     * @param folder for what it keeps
     */
    public DockerRegistry(Path folder) throws IOException, InterruptedException {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        var config =
                Files.writeString(
                        folder.resolve("registry.yml"),
                        """
                        version: 0.1
                        storage: {filesystem: {rootdirectory: %s}}
                        http: {addr: "127.0.0.1:%d"}
                        """
                                .formatted(folder.resolve("registry"), port));
        var log = folder.resolve("registry.log");
        process =
                new ProcessBuilder("docker-registry", "serve", config.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        var deadline = System.nanoTime() + LONGEST_START.toNanos();
        while (!answers()) {
            if (process.waitFor(GLANCE.toMillis(), TimeUnit.MILLISECONDS)
                    || System.nanoTime() > deadline) {
                close();
                throw new IllegalStateException(Files.readString(log));
            }
        }
    }

    private boolean answers() {
        try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** What an image of this name is called here. */
    public String reference(String name) {
        return "127.0.0.1:" + port + "/" + name;
    }

    @Override
    public void close() {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
