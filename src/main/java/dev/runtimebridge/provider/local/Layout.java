package dev.runtimebridge.provider.local;

import dev.runtimebridge.allocation.Ids;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.FileTrees;
import dev.runtimebridge.provider.Workspace;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The provider's part of the bridge's folder: {@code containers/<ref>/} for what runs, {@code
 * workspaces/<name>/} for homes that nobody uses at the moment, {@code stopped/<ref>} so that a
 * start that is repeated late starts nothing.
 */
record Layout(Path root) {
    private static final Path SKELETON = Path.of("/etc/skel");

    static Layout open(Path root) throws IOException {
        Files.createDirectories(root);
        var layout = new Layout(root.toRealPath());
        for (var folder : List.of("containers", "workspaces", "stopped")) {
            secluded(layout.root.resolve(folder));
        }
        return layout;
    }

    /** Tells our processes from those of other installations on this machine. */
    String installation(Ids ids) throws IOException {
        var file = root.resolve("installation");
        if (Files.notExists(file)) {
            var whole = Files.createTempFile(root, "installation", ".new");
            Files.writeString(whole, ids.draw());
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return Files.readString(file).strip();
    }

    ContainerFolder container(ContainerRef ref) {
        return new ContainerFolder(ref, root.resolve("containers").resolve(ref.value()));
    }

    /** A folder to try something in, beside the containers'. */
    ContainerFolder scratch() throws IOException {
        return new ContainerFolder(
                new ContainerRef("trial"), Files.createTempDirectory(root, "trial"));
    }

    /** Deletes what a bridge that was killed while it tried something left. */
    void forgetTrials() throws IOException {
        try (var trials = Files.newDirectoryStream(root, "trial*")) {
            for (var trial : trials) {
                FileTrees.delete(trial);
            }
        }
    }

    List<ContainerFolder> containers() throws IOException {
        List<ContainerFolder> found = new ArrayList<>();
        try (var folders = Files.newDirectoryStream(root.resolve("containers"), "local-*")) {
            for (var folder : folders) {
                var ref = new ContainerRef(folder.getFileName().toString());
                if (ContainerFolder.named(ref)) {
                    found.add(container(ref));
                }
            }
        }
        return found;
    }

    Path workspace(Workspace workspace) {
        return root.resolve("workspaces").resolve(workspace.name());
    }

    private Path tombstone(ContainerRef ref) {
        return root.resolve("stopped").resolve(ref.value());
    }

    /** Why this container was stopped. */
    Optional<String> stopped(ContainerRef ref) throws IOException {
        var file = tombstone(ref);
        return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    }

    boolean isStopped(ContainerRef ref) {
        return Files.exists(tombstone(ref));
    }

    void bury(ContainerRef ref, String why) throws IOException {
        try {
            Files.writeString(
                    tombstone(ref),
                    why,
                    java.nio.file.StandardOpenOption.CREATE_NEW,
                    java.nio.file.StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            return; // the first reason counts
        }
    }

    /** Forgets containers that were stopped before this. */
    void forgetStoppedBefore(java.time.Instant oldest) throws IOException {
        try (var files = Files.newDirectoryStream(root.resolve("stopped"))) {
            for (var file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(oldest)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** Makes the folders that a container's process needs. Repeatable. */
    void prepare(ContainerFolder folder, Boundary boundary) throws IOException {
        secluded(folder.path());
        for (var own : List.of(folder.run(), folder.state(), folder.temporary(), folder.home())) {
            Files.createDirectories(own);
        }
        secluded(folder.state());
        Files.setPosixFilePermissions(folder.homes(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectories(folder.home().resolve("workspace"));
        secluded(folder.home());
        for (var own : List.of(folder.run(), folder.state(), folder.temporary(), folder.home())) {
            FileTrees.giveTo(boundary.owner(), own);
        }
        if (boundary instanceof Bubblewrap sandbox) {
            Files.createDirectories(folder.etc());
            Files.setPosixFilePermissions(
                    folder.etc(), PosixFilePermissions.fromString("rwxr-xr-x"));
            accounts(folder, sandbox.id());
        }
    }

    /** Makes the user's home if this is the first time, with the system's skeleton in it. */
    void keep(Workspace workspace, OptionalInt owner) throws IOException {
        var kept = workspace(workspace);
        if (!Files.isDirectory(kept, LinkOption.NOFOLLOW_LINKS)) {
            FileTrees.delete(kept);
            var fresh = Files.createTempDirectory(root.resolve("workspaces"), "new");
            skeleton(fresh);
            Files.move(fresh, kept, StandardCopyOption.ATOMIC_MOVE);
        }
        var inside = kept.resolve("workspace");
        if (!Files.isDirectory(inside, LinkOption.NOFOLLOW_LINKS)) {
            FileTrees.delete(inside);
            Files.createDirectory(inside);
        }
        // New, or kept by a bridge that ran as another user.
        var has = Files.getAttribute(inside, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        if (owner.isPresent() && !has.equals(owner.getAsInt())) {
            FileTrees.giveTo(owner, kept);
        }
    }

    /**
     * Whether the home was moved in: it was there before the container's record of it was, so it is
     * elsewhere only if it is here.
     */
    boolean movedIn(ContainerFolder folder) throws IOException {
        var workspace = folder.workspace();
        return workspace.isPresent()
                && Files.notExists(workspace(workspace.get()), LinkOption.NOFOLLOW_LINKS)
                && Files.isDirectory(folder.home(), LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Moves a kept home to where the container looks for it. The blank one that was there until now
     * goes.
     */
    void moveIn(ContainerFolder folder, Workspace workspace) throws IOException {
        var blank = folder.path().resolve("blank");
        if (Files.exists(folder.home(), LinkOption.NOFOLLOW_LINKS)) {
            FileTrees.delete(blank);
            Files.move(folder.home(), blank, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(workspace(workspace), folder.home(), StandardCopyOption.ATOMIC_MOVE);
        FileTrees.delete(blank);
    }

    /** Undoes {@link #moveIn}, however far that got. */
    void moveOut(ContainerFolder folder) throws IOException {
        var workspace = folder.workspace();
        if (workspace.isPresent() && movedIn(folder)) {
            Files.move(folder.home(), workspace(workspace.get()), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static void skeleton(Path home) throws IOException {
        if (Files.isDirectory(SKELETON)) {
            try (var files = Files.newDirectoryStream(SKELETON, Files::isRegularFile)) {
                for (var file : files) {
                    Files.copy(file, home.resolve(file.getFileName()));
                }
            }
        }
    }

    /** What {@code whoami}, prompts and host name look-ups read inside. */
    private static void accounts(ContainerFolder folder, int id) throws IOException {
        var user = ContainerFolder.USER;
        Files.writeString(
                folder.etc().resolve("passwd"),
                """
                root:x:0:0:root:/root:/usr/sbin/nologin
                %1$s:x:%2$d:%2$d::/home/%1$s:/bin/bash
                nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
                """
                        .formatted(user, id));
        Files.writeString(
                folder.etc().resolve("group"),
                "root:x:0:\ntty:x:5:\n%s:x:%d:\nnogroup:x:65534:\n".formatted(user, id));
        var hosts = Path.of("/etc/hosts");
        Files.writeString(
                folder.etc().resolve("hosts"),
                (Files.isReadable(hosts) ? Files.readString(hosts) : "127.0.0.1 localhost\n")
                        + "\n127.0.0.1 workspace\n");
    }

    private static void secluded(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
}
