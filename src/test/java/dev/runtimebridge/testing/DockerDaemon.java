package dev.runtimebridge.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.runtimebridge.provider.ProviderException;
import dev.runtimebridge.provider.docker.BuildContext;
import dev.runtimebridge.provider.docker.Engine;
import dev.runtimebridge.provider.docker.RuntimeImages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A real Docker daemon, started for this JVM: on a socket and a range of addresses of its own.
 * Images and the cache of builds stay in {@code target/docker} from run to run; a run beside
 * another one has a folder for itself. Ends with the JVM, also when a test fails.
 */
public final class DockerDaemon {
    private static final Duration LONGEST_START = Duration.ofSeconds(60);
    private static final Duration LONGEST_END = Duration.ofSeconds(40);
    private static final Duration LONGEST_COMMAND = Duration.ofSeconds(300);
    private static final int BUILDS_AT_A_TIME = 3;
    private static final String DEBIAN = "runtime-bridge-tests/debian:12";
    private static final String FOLDER = "rb-docker";
    private static final String LOCK = "lock";
    private static final String CONTAINERD =
            "version = 2\ndisabled_plugins = [\"io.containerd.grpc.v1.cri\"]\n";
    private static final Path TARGET = target();

    private final Path sockets;
    private final Path data;
    private final List<FileChannel> locks = new ArrayList<>();
    private final Set<String> built = ConcurrentHashMap.newKeySet();
    private final int range;
    private final int tcpPort;
    private Process containerd;
    private Process daemon;

    private static final class Shared {
        private static final DockerDaemon DAEMON = start();
    }

    /** Found from where the classes lie: tests and benchmarks run in different folders. */
    private static Path target() {
        try {
            var classes =
                    DockerDaemon.class.getProtectionDomain().getCodeSource().getLocation().toURI();
            return Path.of(classes).resolve("../..").normalize();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private DockerDaemon() throws IOException {
        forgetKilledRuns();
        sockets = Files.createTempDirectory(FOLDER);
        lock(sockets.resolve(LOCK));
        data =
                lock(Files.createDirectories(TARGET).resolve("docker.lock")).isPresent()
                        ? TARGET.resolve("docker")
                        : sockets.resolve("data");
        range = range();
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            tcpPort = free.getLocalPort();
        }
    }

    /** The daemon of this JVM; started at the first call, not to be stopped by tests. */
    public static DockerDaemon shared() {
        return Shared.DAEMON;
    }

    private static DockerDaemon start() {
        try {
            var started = new DockerDaemon();
            Runtime.getRuntime().addShutdownHook(new Thread(started::end, "docker-end"));
            started.launchContainerd();
            started.launch();
            started.sweep();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public URI host() {
        return URI.create("unix://" + sockets.resolve("docker.sock"));
    }

    /** The same daemon, as one on another machine would be reached. */
    public URI tcp() {
        return URI.create("tcp://127.0.0.1:" + tcpPort);
    }

    /** A subnet of {@code /26} that nobody else on this machine has, 0 to 3. */
    public String subnet(int number) {
        return "10.214.%d.%d/26".formatted(range, number * 64);
    }

    /** Builds the base and, a few at a time, these images, once. */
    public synchronized void images(String... names) {
        try (var engine = Engine.at(host());
                var builds = Executors.newFixedThreadPool(BUILDS_AT_A_TIME)) {
            var images = new RuntimeImages(engine, context());
            var debian = debian();
            build(images, RuntimeImages.BASE, debian);
            var begun = new ArrayList<Future<?>>();
            for (var name : names) {
                begun.add(
                        builds.submit(
                                () -> {
                                    build(images, name, debian);
                                    return name;
                                }));
            }
            for (var build : begun) {
                build.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Builds those of all languages, once. */
    public void allImages() {
        images("python", "node", "java", "c", "go");
    }

    private void build(RuntimeImages images, String name, String debian) throws IOException {
        if (!built.contains(name)) {
            images.build(name, debian, _ -> {});
            built.add(name);
        }
    }

    /** What a build of an image begins with here, where no registry can be reached. */
    public synchronized String debian() throws IOException {
        if (built.contains(DEBIAN)
                || !docker("images", "--quiet", DEBIAN).isBlank() && built.add(DEBIAN)) {
            return DEBIAN;
        }
        var archive = sockets.resolve("debian.tar");
        run(List.of("mmdebstrap", "--quiet", "--variant=minbase", "bookworm", archive.toString()));
        docker("import", archive.toString(), DEBIAN);
        Files.delete(archive);
        built.add(DEBIAN);
        return DEBIAN;
    }

    /** The agent as the build left it. */
    public static BuildContext context() {
        var agent = TARGET.resolveSibling("runtime-agent");
        return new BuildContext(
                agent.resolve("images"),
                TARGET.resolve("runtime-agent"),
                agent.resolve("bin"),
                Path.of(System.getProperty("java.home")));
    }

    /** Runs Docker's own client; {@return what it printed} */
    public String docker(String... arguments) {
        var command = new ArrayList<>(List.of("docker", "--host", host().toString()));
        command.addAll(Arrays.asList(arguments));
        return run(command);
    }

    /** Ends the daemon as a crash would. */
    public void kill() throws InterruptedException {
        daemon.destroyForcibly().waitFor();
    }

    /** Starts one that was killed again. */
    public void startAgain() {
        launch();
    }

    /** Apart from the daemon, as a service manager has it: containers live on when that dies. */
    private void launchContainerd() throws IOException {
        var config = Files.writeString(sockets.resolve("containerd.toml"), CONTAINERD);
        containerd =
                new ProcessBuilder(
                                "containerd",
                                "--config=" + config,
                                "--root=" + data.resolve("of-containerd"),
                                "--state=" + sockets.resolve("state"),
                                "--address=" + sockets.resolve("containerd.sock"))
                        .redirectErrorStream(true)
                        .redirectOutput(sockets.resolve("containerd.log").toFile())
                        .start();
    }

    private void launch() {
        try {
            var log = sockets.resolve("log");
            daemon =
                    new ProcessBuilder(
                                    "dockerd",
                                    "--containerd=" + sockets.resolve("containerd.sock"),
                                    "--data-root=" + data,
                                    "--exec-root=" + sockets.resolve("exec"),
                                    "--pidfile=" + sockets.resolve("pid"),
                                    "--host=" + host(),
                                    "--host=" + tcp(),
                                    "--bridge=none",
                                    "--default-address-pool=base=10.215." + range + ".0/24,size=26",
                                    "--shutdown-timeout=5")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                            .start();
            awaitAnswer(log);
        } catch (IOException e) {
            throw new UncheckedIOException("dockerd does not start: is docker.io installed?", e);
        }
    }

    private void awaitAnswer(Path log) throws IOException {
        var deadline = System.nanoTime() + LONGEST_START.toNanos();
        try (var engine = Engine.at(host())) {
            while (!answers(engine)) {
                if (ended() || System.nanoTime() > deadline) {
                    throw new IllegalStateException(Files.readString(log, UTF_8));
                }
            }
        }
    }

    private static boolean answers(Engine engine) {
        try {
            engine.about();
            return true;
        } catch (ProviderException e) {
            return false;
        }
    }

    private boolean ended() {
        try {
            return daemon.waitFor(50, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a run that was killed has left. */
    private void sweep() {
        var left = docker("ps", "--all", "--quiet").lines().toList();
        if (!left.isEmpty()) {
            var command = new ArrayList<>(List.of("rm", "--force", "--volumes"));
            command.addAll(left);
            docker(command.toArray(String[]::new));
        }
        docker("network", "prune", "--force");
        docker("volume", "prune", "--force");
        docker("image", "prune", "--force");
    }

    private void end() {
        try {
            if (daemon != null && daemon.isAlive()) {
                sweep();
                end(daemon);
            }
            if (containerd != null) {
                end(containerd);
            }
            for (var lock : locks) {
                lock.close();
            }
            forget(sockets);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs that were killed leave containers, mounts and a folder; their lock is free. */
    private void forgetKilledRuns() throws IOException {
        var temporary = Path.of(System.getProperty("java.io.tmpdir"));
        try (var folders = Files.newDirectoryStream(temporary, FOLDER + "[0-9]*")) {
            for (var folder : folders) {
                if (Files.exists(folder.resolve(LOCK))) {
                    lock(folder.resolve(LOCK)).ifPresent(_ -> forget(folder));
                }
            }
        }
    }

    private static void forget(Path folder) {
        ProcessHandle.allProcesses()
                .filter(process -> names(process, folder))
                .forEach(ProcessHandle::destroyForcibly);
        run(
                List.of(
                        "sh",
                        "-c",
                        "grep -o ' "
                                + folder
                                + "/[^ ]*' /proc/mounts | xargs -r umount -l; rm -rf "
                                + folder));
    }

    private static boolean names(ProcessHandle process, Path folder) {
        try {
            var command = Path.of("/proc", Long.toString(process.pid()), "cmdline");
            return process.pid() != ProcessHandle.current().pid()
                    && Files.readString(command, ISO_8859_1).contains(folder + "/");
        } catch (IOException e) {
            return false; // it has ended meanwhile
        }
    }

    private static void end(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(LONGEST_END.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    /** A third byte of addresses that no other daemon of tests on this machine uses. */
    private int range() throws IOException {
        for (int candidate = 1; candidate < 255; candidate++) {
            var file = Path.of(System.getProperty("java.io.tmpdir"), "rb-docker-net-" + candidate);
            if (lock(file).isPresent()) {
                return candidate;
            }
        }
        throw new IllegalStateException("all ranges of addresses are taken");
    }

    private Optional<FileLock> lock(Path file) throws IOException {
        var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            return Optional.empty();
        }
        locks.add(channel);
        return Optional.of(lock);
    }

    private static String run(List<String> command) {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            var said = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (!process.waitFor(LONGEST_COMMAND.toMillis(), TimeUnit.MILLISECONDS)
                    || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException(String.join(" ", command) + ": " + said);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
