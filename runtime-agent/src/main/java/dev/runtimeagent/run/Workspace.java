package dev.runtimeagent.run;

import dev.runtimeagent.run.ProjectFiles.File;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The folder that a project's files go to. Its user may do in it what they like, also while we
 * write: every folder is opened relative to the open one above it and never through a symbolic
 * link, so nothing outside is written, whatever is swapped meanwhile. Each file appears whole or
 * not at all; what is written belongs to the folder's owner.
 *
 * <p>Java cannot make a folder relative to an open one, so a user who swaps a parent at that very
 * moment can have an empty folder made elsewhere; it is not entered.
 */
public final class Workspace {
    private final Path folder;
    private final Path parent;
    private final Path name;
    private final ReentrantLock writing = new ReentrantLock();

    /**
     * The workspace at {@code folder}; looked at only when written to.
     *
     * @throws IllegalArgumentException when it is the root of the file system
     */
    public Workspace(Path folder) {
        var above = folder.getParent();
        var last = folder.getFileName();
        if (above == null || last == null) {
            throw new IllegalArgumentException("the workspace cannot be " + folder);
        }
        this.folder = folder;
        this.parent = above;
        this.name = last;
    }

    /**
     * Writes all files over what is there; other files stay.
     *
     * @throws ProjectRefused when a path leads through a symbolic link or a file, or ends at a
     *     folder or a link; found out before the first write
     * @throws IOException when the file system refuses; files written before stay
     */
    public void write(ProjectFiles project) throws ProjectRefused, IOException {
        writing.lock();
        try (var root = open()) {
            for (var file : project.files()) {
                check(root, file);
            }
            var owner = Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS);
            for (var file : project.files()) {
                write(root, file, owner);
            }
        } finally {
            writing.unlock();
        }
    }

    private SecureDirectoryStream<Path> open() throws ProjectRefused, IOException {
        try (var above = Files.newDirectoryStream(parent)) {
            if (!(above instanceof SecureDirectoryStream<Path> secure)) {
                throw new IOException(
                        "the file system of " + folder + " cannot open files relative to a folder");
            }
            if (kind(secure, name.toString()) != Kind.FOLDER) {
                throw new ProjectRefused("the workspace folder is gone or a link");
            }
            return secure.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
        }
    }

    /**
     * Refuses what {@link #write(SecureDirectoryStream, File, UserPrincipal)} would meet, where it
     * is there already.
     */
    private static void check(SecureDirectoryStream<Path> root, File file)
            throws ProjectRefused, IOException {
        var open = new ArrayList<SecureDirectoryStream<Path>>();
        try {
            var current = root;
            for (var name : file.folders()) {
                if (kind(current, name) == Kind.ABSENT) {
                    return;
                }
                current = enter(current, name, file);
                open.add(current);
            }
            var kind = kind(current, file.name());
            if (kind != Kind.ABSENT && kind != Kind.FILE) {
                throw new ProjectRefused(
                        ProjectFiles.quote(file.path()) + " is there and no plain file");
            }
        } finally {
            close(open);
        }
    }

    private void write(SecureDirectoryStream<Path> root, File file, UserPrincipal owner)
            throws ProjectRefused, IOException {
        var open = new ArrayList<SecureDirectoryStream<Path>>();
        try {
            var current = root;
            var path = folder;
            for (var name : file.folders()) {
                path = path.resolve(name);
                var made = kind(current, name) == Kind.ABSENT && make(path);
                current = enter(current, name, file);
                open.add(current);
                if (made) {
                    own(current, Path.of("."), owner);
                }
            }
            place(current, file, owner);
        } finally {
            close(open);
        }
    }

    private static boolean make(Path path) throws IOException {
        try {
            Files.createDirectory(
                    path,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwxr-xr-x")));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false; // somebody was faster; whether it will do is found out on entering
        }
    }

    private static SecureDirectoryStream<Path> enter(
            SecureDirectoryStream<Path> parent, String name, File file)
            throws ProjectRefused, IOException {
        if (kind(parent, name) != Kind.FOLDER) {
            throw new ProjectRefused(
                    ProjectFiles.quote(file.path())
                            + " leads through "
                            + ProjectFiles.quote(name)
                            + ", which is no folder");
        }
        return parent.newDirectoryStream(Path.of(name), LinkOption.NOFOLLOW_LINKS);
    }

    private static void place(SecureDirectoryStream<Path> parent, File file, UserPrincipal owner)
            throws IOException {
        var draft = Path.of(".draft-" + UUID.randomUUID());
        var options =
                Set.of(
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS);
        var permissions =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--"));
        try {
            try (var channel = parent.newByteChannel(draft, options, permissions)) {
                var content = file.content();
                while (content.hasRemaining()) {
                    channel.write(content);
                }
            }
            own(parent, draft, owner);
            parent.move(draft, parent, Path.of(file.name()));
        } catch (IOException e) {
            try {
                parent.deleteFile(draft);
            } catch (NoSuchFileException gone) {
                e.addSuppressed(gone);
            }
            throw e;
        }
    }

    private static void own(SecureDirectoryStream<Path> parent, Path name, UserPrincipal owner)
            throws IOException {
        var view =
                parent.getFileAttributeView(
                        name, FileOwnerAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (!view.getOwner().equals(owner)) {
            view.setOwner(owner);
        }
    }

    private enum Kind {
        ABSENT,
        FOLDER,
        FILE,
        OTHER
    }

    private static Kind kind(SecureDirectoryStream<Path> parent, String name) throws IOException {
        try {
            var attributes =
                    parent.getFileAttributeView(
                                    Path.of(name),
                                    BasicFileAttributeView.class,
                                    LinkOption.NOFOLLOW_LINKS)
                            .readAttributes();
            if (attributes.isDirectory()) {
                return Kind.FOLDER;
            }
            return attributes.isRegularFile() ? Kind.FILE : Kind.OTHER;
        } catch (NoSuchFileException e) {
            return Kind.ABSENT;
        }
    }

    private static void close(List<SecureDirectoryStream<Path>> open) throws IOException {
        for (var stream : open.reversed()) {
            stream.close();
        }
    }
}
