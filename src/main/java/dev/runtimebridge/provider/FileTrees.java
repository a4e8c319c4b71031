package dev.runtimebridge.provider;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalInt;

/** Works on whole folders, also those that users wrote in; follows no symbolic link. */
public final class FileTrees {
    private FileTrees() {}

    /** Deletes it, and folders whose permissions were taken away too. Absent is deleted. */
    public static void delete(Path root) throws IOException {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) throws IOException {
                        if (!Files.isWritable(folder) || !Files.isExecutable(folder)) {
                            open(folder);
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException failure)
                            throws IOException {
                        if (failure instanceof NoSuchFileException) {
                            return FileVisitResult.CONTINUE;
                        }
                        open(file); // a folder that could not be listed
                        delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path folder, @Nullable IOException failure) throws IOException {
                        if (failure != null) {
                            throw failure;
                        }
                        Files.deleteIfExists(folder);
                        return FileVisitResult.CONTINUE;
                    }

                    private void open(Path folder) throws IOException {
                        Files.setPosixFilePermissions(
                                folder, PosixFilePermissions.fromString("rwx------"));
                    }
                });
    }

    /** Copies all of it to where nothing is yet, with times and permissions. */
    public static void copy(Path from, Path to) throws IOException {
        try (var all = Files.walk(from)) {
            for (var each : (Iterable<Path>) all::iterator) {
                Files.copy(
                        each,
                        to.resolve(from.relativize(each).toString()),
                        StandardCopyOption.COPY_ATTRIBUTES,
                        LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    /** Gives everything below to this user and group; does nothing without one. */
    public static void giveTo(OptionalInt owner, Path root) throws IOException {
        if (owner.isEmpty()) {
            return;
        }
        try (var all = Files.walk(root)) {
            for (var each : (Iterable<Path>) all::iterator) {
                Files.setAttribute(each, "unix:uid", owner.getAsInt(), LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(each, "unix:gid", owner.getAsInt(), LinkOption.NOFOLLOW_LINKS);
            }
        }
    }
}
