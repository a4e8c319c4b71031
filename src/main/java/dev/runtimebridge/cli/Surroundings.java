package dev.runtimebridge.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Map;

/**
 * What a command finds around it.
 *
 * @param environment the process's environment
 * @param terminal whether people read the output: then it is aligned, coloured and moves
 */
public record Surroundings(
        Map<String, String> environment,
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean terminal,
        InstantSource clock) {
    /**
     * Set by {@code ./bridge}, which can ask the shell; Java's console wants a terminal on stdin
     * too.
     */
    private static final String TERMINAL = "bridge.terminal";

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
                InstantSource.system());
    }
}
