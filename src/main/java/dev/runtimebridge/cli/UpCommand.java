package dev.runtimebridge.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code up}. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = {
            "Starts a bridge with everything embedded: database, containers on Docker or as"
                    + " processes of this machine, keys of its own. Ctrl-C ends it and every"
                    + " container.",
            "It prints a line that begins 'ready' once it answers. A later up on the same folder"
                    + " carries on with what is there."
        })
final class UpCommand implements Callable<Integer> {
    private final Operations operations;
    private final LastUp lastUp;

    @CommandLine.Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--port",
            defaultValue = "8080",
            description = "Port to listen on, on 127.0.0.1 (default ${DEFAULT-VALUE}; 0: any).")
    private int port;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Folder of the database, the workspaces and the keys (default"
                            + " $XDG_STATE_HOME/runtime-bridge or ~/.local/state/runtime-bridge).")
    private @Nullable Path data;

    @Option(
            names = "--provider",
            paramLabel = "NAME",
            defaultValue = "auto",
            description =
                    "Where containers run: docker (containers of the engine of DOCKER_HOST), local"
                            + " (processes of this machine), auto (docker where an engine answers"
                            + " and its images are built, else local) or fargate (tasks on AWS, by"
                            + " the settings of the environment, see docs/fargate.md; default"
                            + " ${DEFAULT-VALUE}).")
    private UpOptions.@Nullable Provider provider;

    @ArgGroup(exclusive = false)
    private @Nullable Emulated emulated;

    /** The emulator and what is said of it. */
    private static final class Emulated {
        @Option(
                names = "--emulated",
                required = true,
                description =
                        "With --provider fargate: on an AWS that this machine emulates; no account,"
                                + " no costs.")
        private boolean wanted;

        @Option(
                names = "--emulator-port",
                paramLabel = "PORT",
                defaultValue = "4566",
                description =
                        "Port of the emulated AWS, on 127.0.0.1 (default ${DEFAULT-VALUE}; 0:"
                                + " any).")
        private int port;

        @Option(
                names = "--script",
                paramLabel = "FILE",
                description =
                        "A scenario for it in YAML or JSON: how long things take, what goes wrong"
                                + " (docs/emulator.md).")
        private @Nullable Path script;

        @Option(
                names = "--containers",
                paramLabel = "WHERE",
                defaultValue = "local",
                description =
                        "What its tasks are: local (processes of this machine) or docker"
                                + " (containers of the engine of DOCKER_HOST; default"
                                + " ${DEFAULT-VALUE}).")
        private @Nullable TasksRunOn containers;

        UpOptions.Emulator options() {
            return new UpOptions.Emulator(
                    port, Optional.ofNullable(script), Objects.requireNonNull(containers));
        }
    }

    @Option(
            names = "--gateway",
            negatable = true,
            description =
                    "Start NGINX before it, on port 8443 of 127.0.0.1, so that browsers reach"
                            + " containers (the default where NGINX is installed).")
    private @Nullable Boolean gateway;

    UpCommand(Operations operations, LastUp lastUp) {
        this.operations = operations;
        this.lastUp = lastUp;
    }

    @Override
    public Integer call() {
        var folder = data == null ? lastUp.defaultData() : data.toAbsolutePath().normalize();
        try {
            return operations.up(
                    new UpOptions(
                            port,
                            folder,
                            Objects.requireNonNull(provider),
                            Optional.ofNullable(emulated)
                                    .filter(given -> given.wanted)
                                    .map(Emulated::options),
                            Optional.ofNullable(gateway),
                            lastUp));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
