package dev.runtimeagent.ssh;

import dev.runtimeagent.config.AgentSettings;
import dev.runtimeagent.config.LoginDefaults;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The image's own {@code sshd}, for an agent that is root in a container of its own. Its rules are
 * the image's {@code /etc/ssh/sshd_config}; host key, port and password come from here. An sshd
 * outlives an agent that crashes, and with it what users do; the next agent takes it up.
 */
public final class OpenSshServer implements SshServer {
    private static final Logger LOG = LoggerFactory.getLogger(OpenSshServer.class);
    private static final String PROGRAM = "/usr/sbin/sshd";
    private static final String HOST_KEY = "ssh_host_ed25519_key";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration GLANCE = Duration.ofMillis(5);
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final AgentSettings settings;
    private final LoginDefaults inherited;
    private final String hostKey;
    private volatile boolean closed;
    private volatile @Nullable ProcessHandle running;

    /**
     * Makes the host key in {@code AGENT_STATE} unless it is there; nothing listens yet.
     *
     * @throws UncheckedIOException when that fails
     */
    public OpenSshServer(AgentSettings settings, LoginDefaults inherited) {
        this.settings = settings;
        this.inherited = inherited;
        this.hostKey = hostKey(settings.state().resolve(HOST_KEY));
    }

    private static String hostKey(Path file) {
        try {
            if (Files.notExists(file)) {
                var draft = file.resolveSibling(HOST_KEY + ".new");
                Files.deleteIfExists(draft);
                finish("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", draft + "");
                Files.move(Path.of(draft + ".pub"), Path.of(file + ".pub"));
                Files.move(draft, file);
            }
            return Files.readString(Path.of(file + ".pub"), StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the SSH host key " + file + " cannot be made: " + e.getMessage(), e);
        }
    }

    private static void finish(String... command) throws IOException {
        var process = new ProcessBuilder(command).inheritIO().start();
        try {
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException(command[0] + " failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(command[0] + " was interrupted", e);
        }
    }

    @Override
    public void start(Login login) {
        if (running != null) {
            throw new IllegalStateException("the SSH server was started before");
        }
        try {
            PasswordFile.write(settings.state(), login);
            var earlier = earlier();
            watch(earlier.isPresent() ? earlier.get() : launch());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot listen for SSH on "
                            + settings.address().getHostAddress()
                            + ":"
                            + settings.sshPort()
                            + " ("
                            + e.getMessage()
                            + ")",
                    e);
        }
    }

    /** One that an earlier life of this agent started. */
    private Optional<ProcessHandle> earlier() throws IOException {
        if (Files.notExists(pidFile())) {
            return Optional.empty();
        }
        var pid = Files.readString(pidFile(), StandardCharsets.US_ASCII).strip();
        return pid.matches("[0-9]{1,9}")
                ? ProcessHandle.of(Long.parseLong(pid))
                        .filter(found -> found.info().command().filter(PROGRAM::equals).isPresent())
                : Optional.empty();
    }

    private ProcessHandle launch() throws IOException {
        Files.deleteIfExists(pidFile());
        var process = new ProcessBuilder(command()).inheritIO().start();
        awaitListening(process);
        return process.toHandle();
    }

    /** Where memory runs out, what users run goes before the agent. */
    private List<String> command() {
        var rules =
                Stream.of(
                        "ListenAddress=" + settings.address().getHostAddress(),
                        "PidFile=" + pidFile(),
                        "AllowUsers=" + settings.user(),
                        "SetEnv=PATH=" + inherited.path() + " LANG=" + inherited.language());
        return Stream.concat(
                        Stream.of(
                                "choom",
                                "-n",
                                "500",
                                "--",
                                PROGRAM,
                                "-D",
                                "-e",
                                "-p",
                                Integer.toString(settings.sshPort()),
                                "-h",
                                settings.state().resolve(HOST_KEY).toString()),
                        rules.flatMap(rule -> Stream.of("-o", rule)))
                .toList();
    }

    /** sshd says by no other means that it listens. */
    private void awaitListening(Process process) throws IOException {
        var address = settings.address();
        var at =
                new InetSocketAddress(
                        address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address,
                        settings.sshPort());
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (!listens(at)) {
                if (process.waitFor(GLANCE.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new IOException("sshd ended with status " + process.exitValue());
                }
                if (System.nanoTime() > deadline) {
                    process.destroyForcibly();
                    throw new IOException("sshd does not listen");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            throw new IOException("interrupted", e);
        }
    }

    private static boolean listens(InetSocketAddress at) {
        try (var socket = new Socket()) {
            socket.connect(at, (int) PATIENCE.toMillis());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void watch(ProcessHandle sshd) {
        running = sshd;
        var _ = sshd.onExit().thenRun(this::again);
    }

    private void again() {
        if (closed) {
            return;
        }
        LOG.warn("sshd has ended; starting it again");
        try {
            watch(launch());
        } catch (IOException e) {
            LOG.error("sshd does not start: {}", e.getMessage());
            Executor later =
                    CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            later.execute(this::again);
        }
    }

    private Path pidFile() {
        return settings.state().resolve("sshd.pid");
    }

    @Override
    public int port() {
        if (running == null) {
            throw new IllegalStateException("the SSH server has not been started");
        }
        return settings.sshPort();
    }

    @Override
    public String hostKey() {
        return hostKey;
    }

    /** Every process of the user's ends, asked first: the container ends with the agent. */
    @Override
    public void close() {
        closed = true;
        var sshd = running;
        if (sshd == null) {
            return;
        }
        sshd.destroy();
        var left = processes().peek(ProcessHandle::destroy).toList();
        var ends = left.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new);
        var _ =
                CompletableFuture.allOf(ends)
                        .completeOnTimeout(null, GRACE.toMillis(), TimeUnit.MILLISECONDS)
                        .join();
        processes().forEach(ProcessHandle::destroyForcibly);
    }

    private Stream<ProcessHandle> processes() {
        return ProcessHandle.allProcesses()
                .filter(
                        process ->
                                process.info().user().filter(settings.user()::equals).isPresent());
    }
}
