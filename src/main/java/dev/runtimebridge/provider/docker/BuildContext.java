package dev.runtimebridge.provider.docker;

import dev.runtimebridge.provider.FileTrees;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * What is sent to the engine for a build: {@code images/}, and where it is wanted {@code agent/},
 * the agent's jars and scripts, or {@code java/}, a Java runtime of just the modules that it uses.
 *
 * @param images the folder of the images' Dockerfiles
 * @param libraries folder of the agent's jar and {@code lib/}
 * @param scripts the agent's {@code bin/}
 * @param javaHome a JDK of the engine's kind of machine
 */
public record BuildContext(Path images, Path libraries, Path scripts, Path javaHome) {
    /** As jdeps finds them, and what the training run needs beside. */
    private static final String MODULES =
            "java.base,java.logging,java.management,java.naming,java.net.http,java.security.jgss,"
                    + "java.xml,jdk.httpserver,jdk.unsupported";

    private static final List<String> OPTIONS =
            List.of(
                    "--add-modules",
                    MODULES,
                    "--strip-debug",
                    "--no-man-pages",
                    "--no-header-files",
                    "--compress",
                    "zip-6");

    private static final int PATIENCE_SECONDS = 120;

    /** What a build needs beside the Dockerfiles. */
    enum With {
        NOTHING,
        AGENT,
        JAVA
    }

    /**
     * A fresh folder with all of it; to be deleted.
     *
     * @throws IOException when something is missing, with what to do
     */
    Path prepare(With with) throws IOException {
        var folder = Files.createTempDirectory("runtime-images");
        try {
            FileTrees.copy(images, folder.resolve("images"));
            switch (with) {
                case NOTHING -> {}
                case AGENT -> copyAgent(Files.createDirectory(folder.resolve("agent")));
                case JAVA -> link(folder.resolve("java"));
            }
            return folder;
        } catch (IOException e) {
            FileTrees.delete(folder);
            throw e;
        }
    }

    private void copyAgent(Path agent) throws IOException {
        var jar = "runtime-agent.jar";
        Files.copy(libraries.resolve(jar), agent.resolve(jar), StandardCopyOption.COPY_ATTRIBUTES);
        FileTrees.copy(libraries.resolve("lib"), agent.resolve("lib"));
        FileTrees.copy(scripts, agent.resolve("bin"));
    }

    /**
     * The same for the same Java runtime.
     *
     * @throws IOException when there is no JDK
     */
    String javaName() throws IOException {
        var release = Files.readString(javaHome.resolve("release"));
        var all = (release + OPTIONS).getBytes(StandardCharsets.UTF_8);
        return UUID.nameUUIDFromBytes(all).toString();
    }

    private void link(Path runtime) throws IOException {
        var jlink = javaHome.resolve("bin/jlink");
        if (!Files.isExecutable(jlink)) {
            throw new IOException(
                    javaHome
                            + " has no jlink: images are built with a whole JDK 25, see JAVA_HOME");
        }
        var log = Files.createTempFile("jlink", ".log");
        try {
            var command = new ArrayList<>(List.of(jlink.toString()));
            command.addAll(OPTIONS);
            command.addAll(List.of("--output", runtime.toString()));
            var process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException("jlink failed: " + Files.readString(log).strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while jlink ran", e);
        } finally {
            Files.delete(log);
        }
    }
}
