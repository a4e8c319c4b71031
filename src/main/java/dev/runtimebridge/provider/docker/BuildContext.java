package dev.runtimebridge.provider.docker;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What is sent to the engine for a build: {@code images/}, and for the base {@code agent/} with its
 * jars, scripts and a Java runtime of just the modules that it uses.
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

    private static final int PATIENCE_SECONDS = 120;

    /**
     * A fresh folder with all of it.
     *
     * @throws IOException when something is missing, with what to do
     */
    Path prepare(boolean withAgent) throws IOException {
        var folder = Files.createTempDirectory("runtime-images");
        try {
            copy(images, folder.resolve("images"));
            if (withAgent) {
                var agent = Files.createDirectory(folder.resolve("agent"));
                var jar = libraries.resolve("runtime-agent.jar");
                Files.copy(
                        jar,
                        agent.resolve("runtime-agent.jar"),
                        StandardCopyOption.COPY_ATTRIBUTES);
                copy(libraries.resolve("lib"), agent.resolve("lib"));
                copy(scripts, agent.resolve("bin"));
                link(agent.resolve("java"));
            }
            return folder;
        } catch (IOException e) {
            forget(folder);
            throw e;
        }
    }

    /** Deletes what {@link #prepare} made. */
    void forget(Path folder) throws IOException {
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path visited, IOException fault)
                            throws IOException {
                        Files.delete(visited);
                        return FileVisitResult.CONTINUE;
                    }
                });
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
            var process =
                    new ProcessBuilder(
                                    List.of(
                                            jlink.toString(),
                                            "--add-modules",
                                            MODULES,
                                            "--strip-debug",
                                            "--no-man-pages",
                                            "--no-header-files",
                                            "--compress",
                                            "zip-6",
                                            "--output",
                                            runtime.toString()))
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

    private static void copy(Path from, Path to) throws IOException {
        try (var all = Files.walk(from)) {
            for (var each : all.toList()) {
                var target = to.resolve(from.relativize(each).toString());
                Files.copy(each, target, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
