package dev.runtimebridge;

import dev.runtimebridge.cli.CommandLineClient;
import dev.runtimebridge.cli.Surroundings;
import dev.runtimebridge.config.Environment;

import java.nio.file.Path;
import java.util.Map;

/** Where the process begins: reads the command line and hands over. */
public final class Main {
    private static final int MISCONFIGURED = 1;

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    private static int run(String... arguments) {
        Map<String, String> environment;
        try {
            environment = Environment.read(Path.of("").toAbsolutePath());
        } catch (IllegalArgumentException e) {
            System.err.println("bridge: " + e.getMessage());
            return MISCONFIGURED;
        }
        var surroundings = Surroundings.ofProcess(environment);
        var operations = new BridgeOperations(environment, surroundings.out(), surroundings.err());
        return new CommandLineClient(operations, surroundings).run(arguments);
    }
}
