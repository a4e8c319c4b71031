package dev.runtimebridge.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Benchmarks that live with the agent: runs them in its folder, on its classes. */
final class AgentModule {
    private AgentModule() {}

    /** Runs a class of the agent's tests, whose lines are the benchmark's. */
    static int run(String main, List<String> arguments) throws IOException, InterruptedException {
        var built = Path.of("target/runtime-agent").toAbsolutePath();
        var home = Objects.requireNonNull(System.getProperty("bridge.home"), "bridge.home");
        var command =
                new ArrayList<>(
                        List.of(
                                Command.javaProgram(),
                                "-Dbridge.home=" + home,
                                "-cp",
                                String.join(
                                        ":",
                                        built.resolve("test-classes").toString(),
                                        built.resolve("classes").toString(),
                                        built.resolve("lib") + "/*",
                                        ofTests()),
                                main));
        command.addAll(arguments);
        var process =
                new ProcessBuilder(Command.first(command))
                        .directory(Path.of("runtime-agent").toFile())
                        .inheritIO()
                        .start();
        var end = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(end);
        return process.waitFor();
    }

    /** What the agent's tests need and it does not; the bridge has the same. */
    private static String ofTests() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(jar -> jar.contains("/jackson-") || jar.contains("/java-jwt-"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** From the start of an agent to its first pong. */
    public static final class Start {
        private Start() {}

        public static void main(String[] arguments) throws Exception {
            System.exit(run("dev.runtimeagent.bench.StartBench", List.of()));
        }
    }

    /** The terminal, and what an agent with one weighs. */
    public static final class Terminal {
        private Terminal() {}

        public static void main(String[] arguments) throws Exception {
            System.exit(run("dev.runtimeagent.bench.TerminalBench", List.of("1")));
        }
    }
}
