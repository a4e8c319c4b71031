package dev.runtimebridge.system;

import com.pty4j.PtyProcessBuilder;

import dev.runtimebridge.Main;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * A bridge in a process of its own, from the classes that were built. Closing it ends the process
 * and every process of its data folder.
 */
final class BridgeProcess implements AutoCloseable {
    private static final int LONGEST_START_SECONDS = 60;
    private static final int LONGEST_END_SECONDS = 40;
    private static final char CTRL_C = 3;

    private final Process process;
    private final Path data;
    private final StringBuffer out = new StringBuffer();
    private final StringBuffer err = new StringBuffer();
    private final CompletableFuture<URI> ready = new CompletableFuture<>();
    private final List<Thread> readers = new ArrayList<>();

    /** How a bridge ended. */
    record End(int status, String out, String err) {}

    private BridgeProcess(Process process, Path data) {
        this.process = process;
        this.data = data;
        readers.add(read(process.getInputStream(), out, ready));
        readers.add(read(process.getErrorStream(), err, new CompletableFuture<>()));
    }

    /** {@code bridge up} on a folder; port 0 for any. */
    static BridgeProcess up(Path data, int port) throws IOException {
        return up(data, port, Map.of());
    }

    /** {@code bridge up --gateway} on any ports. */
    static BridgeProcess upWithGateway(Path data) throws IOException {
        var command = command("up", "--gateway", "--port", "0", "--data", data.toString());
        return new BridgeProcess(process(command, data, Map.of()), data);
    }

    /** {@code bridge up --gateway} with the gateway on one port. */
    static BridgeProcess upWithGateway(Path data, int gatewayPort) throws IOException {
        var command = command("up", "--gateway", "--port", "0", "--data", data.toString());
        var port = Map.of("GATEWAY_PORT", String.valueOf(gatewayPort));
        return new BridgeProcess(process(command, data, port), data);
    }

    /** {@code bridge up} with more in its environment. */
    static BridgeProcess up(Path data, int port, Map<String, String> environment)
            throws IOException {
        return new BridgeProcess(process(upCommand(data, port), data, environment), data);
    }

    /** {@code bridge up} with the Docker engine at {@code host}, which it may or may not take. */
    static BridgeProcess upWithDocker(Path data, int port, URI host, String... options)
            throws IOException {
        var command = command("up", "--port", Integer.toString(port), "--data", data.toString());
        command.add("--no-gateway");
        command.addAll(List.of(options));
        var environment = Map.of("DOCKER_HOST", host.toString());
        return new BridgeProcess(process(command, data, environment), data);
    }

    /** {@code bridge up} on any port, with further options. */
    static BridgeProcess upWith(Path data, String... options) throws IOException {
        return upWith(data, Map.of(), options);
    }

    /** The same with more in its environment. */
    static BridgeProcess upWith(Path data, Map<String, String> environment, String... options)
            throws IOException {
        return new BridgeProcess(process(upCommand(data, 0, options), data, environment), data);
    }

    /** {@code bridge up} as the foreground process of a terminal. */
    static BridgeProcess upOnATerminal(Path data, String... options) throws IOException {
        var terminal =
                new PtyProcessBuilder(upCommand(data, 0, options).toArray(String[]::new))
                        .setDirectory(data.getParent().toString())
                        .setEnvironment(environment(data, Map.of("TERM", "xterm")))
                        .setRedirectErrorStream(true)
                        .start();
        return new BridgeProcess(terminal, data);
    }

    /** {@code bridge serve} with this configuration and nothing else. */
    static BridgeProcess serve(Path data, Map<String, String> configuration) throws IOException {
        return new BridgeProcess(process(command("serve"), data, configuration), data);
    }

    /** Runs the bridge with these arguments until it ends; another may have the same folder. */
    static End run(Path data, Map<String, String> configuration, String... arguments)
            throws IOException, InterruptedException {
        var bridge = new BridgeProcess(process(command(arguments), data, configuration), data);
        try {
            return bridge.awaitEnd();
        } finally {
            bridge.endItself();
        }
    }

    /** The same with what is typed into it; {@code options} are the JVM's. */
    static End typing(
            Path data,
            String input,
            List<String> options,
            Map<String, String> environment,
            String... arguments)
            throws IOException, InterruptedException {
        var command = command(arguments);
        command.addAll(1, options);
        var builder = new ProcessBuilder(command).directory(data.getParent().toFile());
        builder.environment().clear();
        builder.environment().putAll(environment(data, environment));
        var process = builder.start();
        var bridge = new BridgeProcess(process, data);
        try (var keys = process.getOutputStream()) {
            keys.write(input.getBytes(StandardCharsets.UTF_8));
            keys.flush();
            return bridge.awaitEnd();
        } finally {
            bridge.endItself();
        }
    }

    private static List<String> upCommand(Path data, int port, String... more) {
        var command = command("up", "--port", Integer.toString(port), "--data", data.toString());
        command.add("--no-gateway");
        command.addAll(List.of(more));
        // Whatever else this machine offers.
        if (!command.contains("--provider")) {
            command.addAll(List.of("--provider", "local"));
        }
        return command;
    }

    private static List<String> command(String... arguments) {
        var classpath =
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(entry -> Path.of(entry).toAbsolutePath().normalize().toString())
                        .filter(entry -> !entry.endsWith("test-classes"))
                        .collect(Collectors.joining(File.pathSeparator));
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Bridges of tests live for seconds: the best code would be ready when they end.
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx512m"));
        command.addAll(List.of("-cp", classpath, Main.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static Process process(List<String> command, Path data, Map<String, String> more)
            throws IOException {
        var builder = new ProcessBuilder(command).directory(data.getParent().toFile());
        builder.environment().clear();
        builder.environment().putAll(environment(data, more));
        var process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    private static Map<String, String> environment(Path data, Map<String, String> more) {
        var environment = new HashMap<String, String>();
        environment.put("PATH", System.getenv("PATH"));
        environment.put("HOME", data.getParent().toString());
        environment.put("XDG_STATE_HOME", data.getParent().resolve("state").toString());
        environment.put("LANG", "C.UTF-8");
        environment.putAll(more);
        return environment;
    }

    private Thread read(InputStream stream, StringBuffer into, CompletableFuture<URI> ready) {
        return Thread.ofVirtual()
                .start(
                        () -> {
                            try (var lines =
                                    new BufferedReader(
                                            new InputStreamReader(
                                                    stream, StandardCharsets.UTF_8))) {
                                for (var line = lines.readLine();
                                        line != null;
                                        line = lines.readLine()) {
                                    synchronized (process) {
                                        into.append(line).append('\n');
                                        process.notifyAll();
                                    }
                                    if (line.startsWith("ready ")) {
                                        ready.complete(
                                                URI.create(line.substring("ready ".length())));
                                    }
                                }
                            } catch (IOException e) {
                                into.append(""); // a terminal's other end is gone: that is its end
                            } finally {
                                ready.completeExceptionally(
                                        new IllegalStateException("it ended before it was ready"));
                            }
                        });
    }

    /** Where it answers; waits until it does. */
    URI url() {
        try {
            return ready.get(LONGEST_START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("no bridge: " + out + err, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    long pid() {
        return process.pid();
    }

    Path data() {
        return data;
    }

    /** Not {@link Process}'s own way: a terminal's process has no handle of its own. */
    private ProcessHandle handle() {
        return ProcessHandle.of(pid()).orElseThrow();
    }

    /** What it printed so far, both streams. */
    String said() {
        return out.toString() + err;
    }

    /** Ends it as a crash would, if it has not ended yet; what it started goes on. */
    void kill() throws InterruptedException {
        endItself();
    }

    /** Sends a signal by its name, {@code STOP} or {@code CONT}. */
    void signal(String name) throws IOException, InterruptedException {
        var kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
        if (kill.waitFor() != 0) {
            throw new IllegalStateException("kill -" + name + " failed");
        }
    }

    /** Waits until it has printed {@code words}; the test's own limit ends it otherwise. */
    void awaitSaid(String words) throws InterruptedException {
        synchronized (process) {
            while (!said().contains(words)) {
                process.wait();
            }
        }
    }

    void terminate() {
        handle().destroy();
    }

    /** Types Ctrl-C at its terminal. */
    void pressCtrlC() throws IOException {
        process.getOutputStream().write(CTRL_C);
        process.getOutputStream().flush();
    }

    End awaitEnd() throws InterruptedException {
        if (!process.waitFor(LONGEST_END_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the bridge does not end: " + said());
        }
        for (var reader : readers) {
            reader.join();
        }
        return new End(process.exitValue(), out.toString(), err.toString());
    }

    /** Bytes of memory that the process holds. */
    long residentBytes() {
        return WorkspaceProcesses.text(pid(), "status")
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }

    /** The root of the project, found from where the classes lie. */
    static Path project() {
        try {
            var classes =
                    Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            return classes.resolve("../../..").normalize();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private void endItself() throws InterruptedException {
        ProcessHandle.of(pid()).ifPresent(ProcessHandle::destroyForcibly);
        process.waitFor();
    }

    /** NGINX outlives a bridge that is killed; the next one on the folder would end it. */
    private void endGateway() throws IOException, InterruptedException {
        var pid = data.resolve("gateway/nginx.pid");
        if (Files.exists(pid)) {
            var nginx = ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()));
            nginx.ifPresent(ProcessHandle::destroy);
            try {
                if (nginx.isPresent()) {
                    nginx.get().onExit().get(LONGEST_END_SECONDS, TimeUnit.SECONDS);
                }
            } catch (ExecutionException | TimeoutException e) {
                throw new IllegalStateException("NGINX does not end", e);
            }
        }
    }

    @Override
    public void close() {
        try {
            endItself();
            endGateway();
            if (Files.exists(data)) {
                WorkspaceProcesses.end(data);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
