package dev.runtimebridge.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code up} was asked for.
 *
 * @param port to listen on, on 127.0.0.1; 0 takes any free one
 * @param data absolute folder of everything that is kept; may not exist yet
 * @param provider where containers run
 * @param emulator stands in for what the provider talks to; empty for the real thing
 * @param gateway whether with a gateway; absent: if one can be had
 */
public record UpOptions(
        int port,
        Path data,
        Provider provider,
        Optional<Emulator> emulator,
        Optional<Boolean> gateway,
        LastUp lastUp) {
    private static final int HIGHEST_PORT = 65_535;

    /** Where containers run. */
    public enum Provider {
        /** As containers of Docker where it is ready, else as processes. */
        AUTO,
        /** As containers of a Docker engine. */
        DOCKER,
        /** As processes of this machine. */
        LOCAL,
        /** As tasks on AWS Fargate, by the settings of the environment unless it is emulated. */
        FARGATE
    }

    /**
     * An emulated AWS.
     *
     * @param port to listen on, on 127.0.0.1; 0 takes any free one
     * @param script a scenario; empty for the usual one
     * @param containers what its tasks are
     */
    public record Emulator(int port, Optional<Path> script, TasksRunOn containers) {
        public Emulator {
            checkPort("--emulator-port", port);
        }
    }

    public UpOptions {
        checkPort("--port", port);
        if (!data.isAbsolute()) {
            throw new IllegalArgumentException("the data folder must be absolute, not " + data);
        }
        if (emulator.isPresent() && provider != Provider.FARGATE) {
            throw new IllegalArgumentException(
                    "--emulated stands in for AWS: it goes with --provider fargate");
        }
    }

    private static void checkPort(String option, int port) {
        if (port < 0 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException(option + ": a port is 0 to 65535, not " + port);
        }
    }

    /**
     * To be called once the bridge answers: from then on the other commands find it.
     *
     * @throws java.io.UncheckedIOException when the folder cannot be written
     */
    public void answersAt(URI url) {
        lastUp.record(data, url);
    }
}
