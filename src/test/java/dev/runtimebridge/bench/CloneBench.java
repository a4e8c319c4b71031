package dev.runtimebridge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * From {@code git clone} to the first command over SSH, in an empty home, with Maven's cache warm.
 */
public final class CloneBench {
    private static final int LONGEST_MINUTES = 8;

    private CloneBench() {}

    public static void main(String[] arguments) throws Exception {
        var folder = Files.createTempDirectory("bench-clone-");
        var home = Files.createDirectory(folder.resolve("home"));
        var cache = Path.of(System.getProperty("user.home"), ".m2");
        Files.createSymbolicLink(home.resolve(".m2"), cache);
        var clone = folder.resolve("clone");
        long began = System.nanoTime();
        Process up = null;
        try {
            run(
                    folder,
                    home,
                    List.of(
                            "git",
                            "clone",
                            "-q",
                            Path.of("").toAbsolutePath().toString(),
                            clone.toString()));
            up = builder(clone, home, List.of("./bridge", "up", "--port", "0")).start();
            awaitReady(up);
            run(clone, home, List.of("./bridge", "ssh", "--", "true"));
            double seconds = (System.nanoTime() - began) / 1e9;
            new Measure(
                            "clone",
                            "clone to the first SSH prompt",
                            seconds,
                            null,
                            "s",
                            "<= 90",
                            "h2",
                            "local")
                    .print();
        } finally {
            end(up);
            Files.delete(home.resolve(".m2"));
            RealBridge.remove(folder);
        }
    }

    private static void awaitReady(Process up) throws IOException {
        var lines = up.inputReader();
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("ready ")) {
                return;
            }
        }
        throw new IllegalStateException("the clone's bridge ended before it was ready");
    }

    private static void run(Path folder, Path home, List<String> command)
            throws IOException, InterruptedException {
        var process =
                builder(folder, home, command)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        if (process.waitFor() != 0) {
            throw new IllegalStateException(command + " ended with " + process.exitValue());
        }
    }

    private static ProcessBuilder builder(Path folder, Path home, List<String> command) {
        var builder =
                new ProcessBuilder(Command.first(command))
                        .directory(folder.toFile())
                        .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().keySet().removeIf(name -> name.startsWith("XDG_"));
        builder.environment().put("HOME", home.toString());
        // Maven asks the system, not HOME, where a user's cache is.
        builder.environment().put("MAVEN_OPTS", "-Duser.home=" + home);
        return builder;
    }

    private static void end(Process up) throws InterruptedException {
        if (up == null) {
            return;
        }
        var children = new ArrayList<>(up.descendants().toList());
        up.destroy();
        if (!up.waitFor(30, TimeUnit.SECONDS)) {
            up.destroyForcibly().waitFor();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
