package dev.runtimebridge.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;

/**
 * {@code train}: goes once through what the client's commands load, so that the JVM can write its
 * cache of classes. Only the build calls it.
 */
@Command(name = "train", hidden = true)
final class TrainCommand implements Callable<Integer> {
    private static final String NOBODY = "http://127.0.0.1:1";
    private final Operations operations;

    @CommandLine.Spec private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "An empty folder.")
    private @Nullable Path folder;

    TrainCommand(Operations operations) {
        this.operations = operations;
    }

    @Override
    public Integer call() throws IOException {
        var commands = Objects.requireNonNull(spec).parent().commandLine();
        var data = Objects.requireNonNull(folder);
        Files.writeString(data.resolve("keys.env"), operations.newKeys().reveal());
        int made = commands.execute("token", "--data", data.toString());
        int asked = commands.execute("ps", "--data", data.toString(), "--url", NOBODY);
        var ready = made == ExitStatus.DONE.code() && asked == ExitStatus.NO_BRIDGE.code();
        return (ready ? ExitStatus.DONE : ExitStatus.FAILED).code();
    }
}
