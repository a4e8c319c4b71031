package dev.runtimebridge.cli;

import picocli.CommandLine.Command;

import java.util.concurrent.Callable;

/** {@code migrate}. */
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        description = "Brings the configured database to this version, and ends.")
final class MigrateCommand implements Callable<Integer> {
    private final Operations operations;

    MigrateCommand(Operations operations) {
        this.operations = operations;
    }

    @Override
    public Integer call() {
        return operations.migrate();
    }
}
