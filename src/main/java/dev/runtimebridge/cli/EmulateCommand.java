package dev.runtimebridge.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code emulate-aws}. */
@Command(
        name = "emulate-aws",
        mixinStandardHelpOptions = true,
        description = {
            "Emulates what a bridge uses of AWS (ECS on Fargate, EC2, SQS, STS, IAM), on loopback,"
                    + " to try PROVIDER=fargate without an account. Ctrl-C ends it and every task.",
            "It prints a line that begins 'ready' once it answers, then a line for each call."
        })
final class EmulateCommand implements Callable<Integer> {
    private final Operations operations;
    private final LastUp lastUp;

    @CommandLine.Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--port",
            defaultValue = "4566",
            description = "Port to listen on, on 127.0.0.1 (default ${DEFAULT-VALUE}; 0: any).")
    private int port;

    @Option(
            names = "--script",
            paramLabel = "FILE",
            description =
                    "A scenario in YAML or JSON: what is there, how long things take, what goes"
                            + " wrong (docs/emulator.md).")
    private @Nullable Path script;

    @Option(
            names = "--agents",
            defaultValue = "real",
            description =
                    "What runs in tasks: real (agents) or stub (answers ping and init, for"
                            + " thousands; default ${DEFAULT-VALUE}).")
    private EmulateOptions.@Nullable Agents agents;

    @Option(
            names = "--containers",
            paramLabel = "WHERE",
            defaultValue = "local",
            description =
                    "What tasks are: local (processes of this machine) or docker (containers of the"
                            + " engine of DOCKER_HOST, of the images that `images build` makes;"
                            + " default ${DEFAULT-VALUE}).")
    private @Nullable TasksRunOn containers;

    @Option(
            names = "--agent-port",
            paramLabel = "PORT",
            defaultValue = "8000",
            description = "Port of every agent, on its task's address (default ${DEFAULT-VALUE}).")
    private int agentPort;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Folder for what real agents keep (default emulated-aws in the folder of up).")
    private @Nullable Path data;

    @Option(names = "--quiet", description = "Print no calls.")
    private boolean quiet;

    EmulateCommand(Operations operations, LastUp lastUp) {
        this.operations = operations;
        this.lastUp = lastUp;
    }

    @Override
    public Integer call() {
        var folder = data == null ? lastUp.defaultData().resolve("emulated-aws") : data;
        try {
            return operations.emulateAws(
                    new EmulateOptions(
                            port,
                            Optional.ofNullable(script),
                            Objects.requireNonNull(agents),
                            Objects.requireNonNull(containers),
                            agentPort,
                            folder.toAbsolutePath().normalize(),
                            quiet));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
