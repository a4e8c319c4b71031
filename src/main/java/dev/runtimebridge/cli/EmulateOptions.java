package dev.runtimebridge.cli;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code emulate-aws} was asked for.
 *
 * @param port to listen on, on 127.0.0.1; 0 takes any free one
 * @param script a scenario; empty for the usual one
 * @param agents what runs in tasks
 * @param containers what tasks are, where their agents are real
 * @param agentPort of every agent, each on an address of its own
 * @param data absolute folder for what real agents keep; may not exist yet
 * @param quiet whether calls are not printed
 */
public record EmulateOptions(
        int port,
        Optional<Path> script,
        Agents agents,
        TasksRunOn containers,
        int agentPort,
        Path data,
        boolean quiet) {
    private static final int HIGHEST_PORT = 65_535;

    /** What runs in tasks. */
    public enum Agents {
        /** Real agents. */
        REAL,
        /** What only answers ping and init, for thousands of tasks. */
        STUB
    }

    public EmulateOptions {
        if (port < 0 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException("--port: a port is 0 to 65535, not " + port);
        }
        if (agentPort < 1 || agentPort > HIGHEST_PORT) {
            throw new IllegalArgumentException(
                    "--agent-port: a port of an agent is 1 to 65535, not " + agentPort);
        }
        if (agents == Agents.STUB && containers == TasksRunOn.DOCKER) {
            throw new IllegalArgumentException(
                    "--containers docker runs real agents: it does not go with --agents stub");
        }
        if (!data.isAbsolute()) {
            throw new IllegalArgumentException("the data folder must be absolute, not " + data);
        }
    }
}
