package dev.runtimebridge.gateway;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** NGINX as the gateway: its folder, its configuration, and its process. */
public final class Gateway {
    private static final String CONFIGURATION = "nginx.conf";
    private static final Set<PosixFilePermission> ENTERED =
            PosixFilePermissions.fromString("rwx--x--x");
    private static final int LONGEST_END_SECONDS = 5;

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    private Gateway() {}

    /** The NGINX of this folder that runs now, maybe left behind by a bridge that was killed. */
    public static Optional<ProcessHandle> runningIn(Path folder) throws IOException {
        var file = folder.resolve("nginx.pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        var pid = Files.readString(file).strip();
        var left =
                pid.matches("\\d{1,9}")
                        ? ProcessHandle.of(Long.parseLong(pid))
                        : Optional.<ProcessHandle>empty();
        // A number is given again: only what runs with this very configuration is it.
        return left.filter(
                process ->
                        process.info()
                                .commandLine()
                                .orElse("")
                                .contains(folder.resolve(CONFIGURATION).toString()));
    }

    private static void endLeftBehind(Path folder) throws IOException, InterruptedException {
        var left = runningIn(folder);
        if (left.isPresent()) {
            left.get().destroy();
            try {
                left.get().onExit().get(LONGEST_END_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                left.get().destroyForcibly();
            }
        }
    }

    /**
     * Puts a configuration into a folder once NGINX has found it good; a bad one leaves what was
     * there. Makes a certificate for trying where none is configured.
     *
     * @param inner folder that NGINX's workers can enter, for the socket on which they find the
     *     bridge
     * @return the file
     * @throws IOException when the folder cannot be used or NGINX finds fault
     */
    public static Path install(
            NginxConfiguration configuration, NginxProgram nginx, Path folder, Path inner)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, ENTERED);
        var root = folder.toRealPath();
        var settings = configuration.settings();
        var certificate =
                settings.certificate().isPresent() || !settings.tls()
                        ? settings.certificate().orElse(new GatewaySettings.Certificate(root, root))
                        : SelfSigned.in(root, settings.domain());
        var fresh =
                Files.createTempFile(
                        root,
                        CONFIGURATION,
                        ".new",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(
                    fresh,
                    configuration.text(root, inner.resolve("inner.sock"), certificate, nginx));
            var fault = nginx.check(root, fresh);
            if (fault.isPresent()) {
                throw new IOException("NGINX refuses the configuration: " + fault.get());
            }
            return Files.move(
                    fresh,
                    root.resolve(CONFIGURATION),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** A running gateway; closing it ends it with all of its connections. */
    public static final class Running implements AutoCloseable {
        private final Process process;
        private final Path inner;

        private Running(Process process, Path inner) {
            this.process = process;
            this.inner = inner;
        }

        public long pid() {
            return process.pid();
        }

        @Override
        public void close() {
            var workers = process.descendants().toList();
            process.destroy(); // TERM: NGINX's fast end
            try {
                if (!process.waitFor(LONGEST_END_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    workers.forEach(ProcessHandle::destroyForcibly);
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                workers.forEach(ProcessHandle::destroyForcibly);
                Thread.currentThread().interrupt();
            }
            try {
                Files.deleteIfExists(inner.resolve("inner.sock"));
                Files.deleteIfExists(inner);
            } catch (IOException e) {
                LOG.warn("{} is left behind: {}", inner, e.getMessage());
            }
        }
    }

    /**
     * Starts NGINX with a configuration in this folder; one that was left behind there by a bridge
     * that was killed ends first.
     *
     * @throws IOException when it is not good, or ends at once, with what it said
     */
    public static Running start(NginxConfiguration configuration, NginxProgram nginx, Path folder)
            throws IOException, InterruptedException {
        var inner = Files.createTempDirectory("runtime-bridge-gateway");
        Files.setPosixFilePermissions(inner, ENTERED);
        install(configuration, nginx, folder, inner);
        endLeftBehind(folder);
        var root = folder.toRealPath();
        var said = root.resolve("start.txt");
        var pidFile = root.resolve("nginx.pid");
        Files.deleteIfExists(pidFile);
        var process =
                new ProcessBuilder(
                                nginx.command(
                                        root, root.resolve(CONFIGURATION), "-g", "daemon off;"))
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        process.getOutputStream().close();
        // The file is written once all sockets listen.
        while (!Files.exists(pidFile)) {
            if (process.waitFor(5, TimeUnit.MILLISECONDS)) {
                throw new IOException("the gateway did not start: " + NginxProgram.fault(said));
            }
        }
        return new Running(process, inner);
    }
}
