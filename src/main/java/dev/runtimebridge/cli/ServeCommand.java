package dev.runtimebridge.cli;

import picocli.CommandLine.Command;

import java.util.concurrent.Callable;

/** {@code serve}. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description =
                "Runs a bridge from its configuration: environment and .env, see .env.example.")
final class ServeCommand implements Callable<Integer> {
    private final Operations operations;

    ServeCommand(Operations operations) {
        this.operations = operations;
    }

    @Override
    public Integer call() {
        return operations.serve();
    }
}
