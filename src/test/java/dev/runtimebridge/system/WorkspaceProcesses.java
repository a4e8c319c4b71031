package dev.runtimebridge.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The processes that belong to a data folder: those that carry the installation's mark in their
 * environment, those in the same PID namespace as one of these, and those whose command line or
 * working directory names the folder.
 */
final class WorkspaceProcesses {
    private static final int LONGEST_END_SECONDS = 20;
    private static final int MOST_SHOWN = 120;

    private WorkspaceProcesses() {}

    static List<ProcessHandle> of(Path data) throws IOException {
        var marks = marks(data);
        var ours = ProcessHandle.current();
        var all = ProcessHandle.allProcesses().filter(process -> !process.equals(ours)).toList();
        var namespaces = new HashSet<Path>();
        var found = new LinkedHashSet<ProcessHandle>();
        for (var process : all) {
            if (belongs(process.pid(), data, marks)) {
                found.add(process);
                namespace(process).ifPresent(namespaces::add);
            }
        }
        namespace(ours).ifPresent(namespaces::remove);
        all.stream()
                .filter(process -> namespace(process).filter(namespaces::contains).isPresent())
                .forEach(found::add);
        return List.copyOf(found);
    }

    private static Optional<Path> namespace(ProcessHandle process) {
        try {
            var link = Path.of("/proc", Long.toString(process.pid()), "ns", "pid");
            return Optional.of(Files.readSymbolicLink(link));
        } catch (IOException e) {
            return Optional.empty(); // it has ended meanwhile
        }
    }

    /** Ends all of them, and whatever they start meanwhile. */
    static void end(Path data) throws IOException {
        for (var left = of(data); !left.isEmpty(); left = of(data)) {
            left.forEach(ProcessHandle::destroyForcibly);
            for (var process : left) {
                try {
                    process.onExit().get(LONGEST_END_SECONDS, TimeUnit.SECONDS);
                } catch (Exception e) {
                    throw new IllegalStateException(describe(process) + " does not end", e);
                }
            }
        }
    }

    /** The pid and the end of the command line. */
    static String describe(ProcessHandle process) {
        var words = text(process.pid(), "cmdline").replace('\0', ' ');
        return process.pid() + " " + words.substring(Math.max(0, words.length() - MOST_SHOWN));
    }

    /** A file of the process as text; empty when it has ended meanwhile. */
    static String text(long pid, String file) {
        try {
            return Files.readString(
                    Path.of("/proc", Long.toString(pid), file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    /** Of the bridge itself, and of the AWS that it may emulate. */
    private static List<String> marks(Path data) throws IOException {
        var marks = new ArrayList<String>();
        for (var folder : List.of(data, data.resolve("emulated-aws"))) {
            var installation = folder.resolve("installation");
            if (Files.exists(installation)) {
                marks.add(
                        "RUNTIME_BRIDGE_CONTAINER=" + Files.readString(installation).strip() + "/");
            }
        }
        return marks;
    }

    private static boolean belongs(long pid, Path data, List<String> marks) {
        var environment = text(pid, "environ");
        if (marks.stream().anyMatch(environment::contains)) {
            return true;
        }
        try {
            return text(pid, "cmdline").contains(data.toString())
                    || Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "cwd"))
                            .startsWith(data);
        } catch (IOException e) {
            return false;
        }
    }
}
