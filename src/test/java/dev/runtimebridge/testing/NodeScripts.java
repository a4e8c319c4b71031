package dev.runtimebridge.testing;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Scripts for node with the packages that their lock file names. */
public final class NodeScripts {
    private static final List<String> INSTALL =
            List.of("npm", "ci", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error");

    private NodeScripts() {}

    /**
     * Copies a folder of scripts into one of the build's, and installs their packages there, once
     * for each lock file and for all who ask at the same time.
     */
    public static Path installed(Path source, Path target)
            throws IOException, InterruptedException {
        Files.createDirectories(target);
        try (var installing =
                FileChannel.open(
                        target.resolve("lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE)) {
            installing.lock(); // until it is closed
            for (var file : source.toFile().listFiles()) {
                Files.copy(
                        file.toPath(),
                        target.resolve(file.getName()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
            var lockFile = Files.readString(target.resolve("package-lock.json"));
            var done = target.resolve("installed");
            if (!Files.exists(done) || !Files.readString(done).equals(lockFile)) {
                install(target);
                Files.writeString(done, lockFile);
            }
        }
        return target;
    }

    private static void install(Path target) throws IOException, InterruptedException {
        var log = target.resolve("npm.log");
        var npm =
                new ProcessBuilder(INSTALL)
                        .directory(target.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        if (npm.waitFor() != 0) {
            throw new AssertionError("npm ci failed: " + Files.readString(log));
        }
    }
}
