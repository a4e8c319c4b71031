package dev.runtimebridge.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * What a command finds around it.
 *
 * @param environment the process's environment
 * @param terminal whether people read the output: then it is aligned, coloured and moves
 * @param keyboard whether people write the input
 */
public record Surroundings(
        Map<String, String> environment,
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean terminal,
        boolean keyboard,
        InstantSource clock) {
    // set by ./bridge, which can ask the shell: Java's console tells only about both together
    private static final String TERMINAL = "bridge.terminal";
    private static final String KEYBOARD = "bridge.keyboard";

    public Surroundings {
        environment = Map.copyOf(environment);
    }

    /** Of this process. */
    public static Surroundings ofProcess(Map<String, String> environment) {
        return new Surroundings(
                environment,
                System.in,
                System.out,
                System.err,
                Boolean.getBoolean(TERMINAL),
                Boolean.getBoolean(KEYBOARD),
                InstantSource.system());
    }

    /** A variable of the environment, unless it is missing or empty. */
    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    Style style() {
        return Style.of(terminal, environment);
    }
}
