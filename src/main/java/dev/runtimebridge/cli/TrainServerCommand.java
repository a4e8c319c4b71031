package dev.runtimebridge.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;

/**
 * {@code train-server}: has a bridge work for a while, so that the JVM can write its cache of
 * classes for {@code serve}. Only the container image's build calls it.
 */
@Command(name = "train-server", hidden = true)
final class TrainServerCommand implements Callable<Integer> {
    private final Operations operations;

    @Parameters(paramLabel = "DIR", description = "An empty folder.")
    private @Nullable Path folder;

    TrainServerCommand(Operations operations) {
        this.operations = operations;
    }

    @Override
    public Integer call() {
        return operations.trainServer(Objects.requireNonNull(folder));
    }
}
