package dev.runtimebridge.provider.local;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * A boundary by bubblewrap: namespaces of its own for processes, mounts, IPC and host name; the
 * network stays the machine's. The system's folders are there read-only, of {@code /etc} what
 * programs need, toolchains that the search path leads to, and nothing of the bridge's folder but
 * the container's own.
 *
 * <p>A bridge that runs as root has bubblewrap set up the mounts as root and {@code setpriv} drop
 * to {@link #UNPRIVILEGED} before anything else runs, so that no file or kernel interface sees root
 * in a container. Any other bridge uses a user namespace.
 *
 * @param setpriv present when the bridge is root
 */
record Bubblewrap(
        Path bwrap,
        Optional<Path> setpriv,
        AgentSoftware agent,
        SearchPath path,
        Toolchains toolchains)
        implements Boundary {
    /** Belongs to no account on usual systems. */
    static final int UNPRIVILEGED = 60577;

    private static final int USUAL_FIRST_USER = 1000;
    private static final Path HOMES = Path.of("/home");
    private static final Path STATE = Path.of("/var/lib/runtime-agent");
    private static final Path TEMPORARY = Path.of("/tmp");
    private static final Path AGENT = Path.of("/runtime-agent");
    private static final List<Path> SYSTEM =
            Stream.of(
                            "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/opt",
                            "/nix")
                    .map(Path::of)
                    .toList();
    private static final List<String> ETC =
            List.of(
                    "alternatives",
                    "bash.bashrc",
                    "bash_completion.d",
                    "ca-certificates",
                    "ca-certificates.conf",
                    "debian_version",
                    "environment",
                    "fonts",
                    "gai.conf",
                    "inputrc",
                    "ld.so.cache",
                    "ld.so.conf",
                    "ld.so.conf.d",
                    "locale.alias",
                    "locale.conf",
                    "localtime",
                    "magic",
                    "mime.types",
                    "nsswitch.conf",
                    "os-release",
                    "perl",
                    "pki",
                    "profile",
                    "profile.d",
                    "protocols",
                    "resolv.conf",
                    "services",
                    "shells",
                    "skel",
                    "ssl",
                    "terminfo",
                    "timezone",
                    "vim");

    /** The bridge's search path becomes the container's. */
    Bubblewrap {
        path = path.real(folder -> isVisible(folder, toolchains));
    }

    @Override
    public View view(ContainerFolder folder) {
        return new View(
                HOMES.resolve(ContainerFolder.USER),
                STATE,
                TEMPORARY,
                AGENT.resolve("bin").resolve(agent.supervisor().getFileName()),
                AGENT.resolve("lib"),
                java().resolve("bin/java"),
                path.toString());
    }

    @Override
    public List<String> command(ContainerFolder folder, List<String> program) {
        List<String> command = new ArrayList<>(List.of(bwrap.toString()));
        add(command, "--unshare-pid", "--as-pid-1", "--unshare-ipc", "--unshare-cgroup-try");
        add(command, "--unshare-uts", "--hostname", "workspace", "--new-session");
        if (setpriv.isPresent()) {
            add(command, "--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID");
            add(command, "--cap-add", "CAP_SETPCAP");
        } else {
            add(command, "--unshare-user", "--uid", "" + id(), "--gid", "" + id());
        }
        // Made here: as parents of a mount they would be closed to all but root.
        for (var parent : List.of("/etc", "/var", "/var/lib", AGENT.toString())) {
            add(command, "--perms", "0755", "--dir", parent);
        }
        systemFolders(command);
        add(command, "--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--tmpfs", "/dev/shm");
        bind(command, folder.temporary(), TEMPORARY);
        add(command, "--symlink", "/tmp", "/var/tmp");
        bind(command, folder.run(), Path.of("/run"));
        bind(command, folder.homes(), HOMES);
        bind(command, folder.state(), STATE);
        for (var file : List.of("passwd", "group", "hosts")) {
            readOnly(command, folder.etc().resolve(file), Path.of("/etc", file));
        }
        for (var parent : toolchains.parents()) {
            add(command, "--perms", "0755", "--dir", parent.toString());
        }
        toolchains.roots().forEach(root -> readOnly(command, root, root));
        readOnly(command, agent.programs(), AGENT.resolve("bin"));
        readOnly(command, agent.libraries(), AGENT.resolve("lib"));
        if (!isVisible(agent.javaHome(), toolchains)) {
            readOnly(command, agent.javaHome(), java());
        }
        add(command, "--remount-ro", "/", "--chdir", "/", "--");
        setpriv.ifPresent(
                found -> {
                    add(command, found.toString(), "--reuid", "" + id(), "--regid", "" + id());
                    add(command, "--clear-groups", "--inh-caps=-all", "--bounding-set=-all");
                    add(command, "--no-new-privs");
                });
        command.addAll(program);
        return command;
    }

    @Override
    public OptionalInt owner() {
        return setpriv.isPresent() ? OptionalInt.of(UNPRIVILEGED) : OptionalInt.empty();
    }

    @Override
    public boolean endsWhole() {
        return true;
    }

    @Override
    public String network() {
        return "shared";
    }

    /** The user's id as seen inside. */
    int id() {
        return setpriv.isPresent() ? UNPRIVILEGED : USUAL_FIRST_USER;
    }

    @Override
    public Isolation isolation() {
        List<String> meaning = new ArrayList<>();
        if (setpriv.isEmpty() && "root".equals(System.getProperty("user.name"))) {
            meaning.add(
                    "Files of root that are readable inside belong to users too, because setpriv"
                            + " did not work: install util-linux or run the bridge as another"
                            + " user.");
        }
        meaning.add(
                "A container sees only its own files and processes, and the system's programs"
                        + " read-only.");
        meaning.add(
                "The network is this machine's: a user can connect to whatever listens here and to"
                        + " whatever this machine reaches.");
        meaning.add("Memory and CPU limits of images are not applied.");
        return new Isolation(true, meaning);
    }

    @Override
    public boolean offers(String program) {
        return path.find(program)
                .filter(
                        found ->
                                isVisible(found, toolchains)
                                        && (setpriv.isEmpty() || isOpen(found)))
                .isPresent();
    }

    private Path java() {
        return isVisible(agent.javaHome(), toolchains) ? agent.javaHome() : AGENT.resolve("java");
    }

    private static void systemFolders(List<String> command) {
        for (var folder : SYSTEM) {
            if (Files.isSymbolicLink(folder)) {
                SearchPath.real(folder)
                        .ifPresent(to -> add(command, "--symlink", "" + to, "" + folder));
            } else if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                readOnly(command, folder, folder);
            }
        }
        for (var name : ETC) {
            readOnlyIfThere(command, Path.of("/etc", name));
        }
        // Debian keeps parts of a JDK and of Python here.
        try (var versions = Files.newDirectoryStream(Path.of("/etc"), "{java,python,node,ruby}*")) {
            versions.forEach(found -> readOnlyIfThere(command, found));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static boolean isVisible(Path path, Toolchains toolchains) {
        return SearchPath.real(path)
                .filter(
                        real ->
                                SYSTEM.stream().anyMatch(real::startsWith)
                                        || toolchains.contain(real))
                .isPresent();
    }

    /** Whether others than its owner may run it. */
    private static boolean isOpen(Path program) {
        try {
            return Files.getPosixFilePermissions(program)
                    .contains(PosixFilePermission.OTHERS_EXECUTE);
        } catch (java.io.IOException e) {
            return false;
        }
    }

    private static void readOnlyIfThere(List<String> command, Path path) {
        add(command, "--ro-bind-try", path.toString(), path.toString());
    }

    private static void readOnly(List<String> command, Path from, Path to) {
        add(command, "--ro-bind", from.toString(), to.toString());
    }

    private static void bind(List<String> command, Path from, Path to) {
        add(command, "--bind", from.toString(), to.toString());
    }

    private static void add(List<String> command, String... words) {
        command.addAll(List.of(words));
    }
}
