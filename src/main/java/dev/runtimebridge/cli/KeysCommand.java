package dev.runtimebridge.cli;

import picocli.CommandLine.Command;

import java.util.concurrent.Callable;

/** {@code keys}. */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        description =
                "Prints a new set of keys for 'serve', as lines for .env. Keep them: without them"
                        + " what the database holds sealed is lost.")
final class KeysCommand implements Callable<Integer> {
    private final Operations operations;
    private final Surroundings surroundings;

    KeysCommand(Operations operations, Surroundings surroundings) {
        this.operations = operations;
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        surroundings.out().println(operations.newKeys().reveal().stripTrailing());
        return ExitStatus.DONE.code();
    }
}
