package dev.runtimebridge.provider.local;

import dev.runtimebridge.provider.ContainerRef;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the processes of our containers by a mark that their environment carries and that children
 * inherit, wherever they went. Where the system shows no environments (no {@code /proc}) it finds
 * nothing.
 */
final class Marks {
    static final String VARIABLE = "RUNTIME_BRIDGE_CONTAINER";
    private static final Path PROC = Path.of("/proc");
    private static final String SANDBOX_INIT = "1";

    private final String installation;

    Marks(String installation) {
        this.installation = installation;
    }

    String value(ContainerRef ref) {
        return installation + "/" + ref;
    }

    /** All marked processes, by container, oldest first. */
    Map<ContainerRef, List<ProcessIdentity>> find() {
        Map<ContainerRef, List<ProcessIdentity>> found = new HashMap<>();
        if (!Files.isDirectory(PROC)) {
            return found;
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (var process : processes) {
                long pid = Long.parseLong(process.getFileName().toString());
                var identity = ProcessIdentity.of(pid);
                if (identity.isPresent()) {
                    // Looked at after the identity: a pid that changed hands fails the next check.
                    marked(process)
                            .ifPresent(
                                    ref ->
                                            found.computeIfAbsent(ref, _ -> new ArrayList<>())
                                                    .add(identity.get()));
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        found.values().forEach(each -> each.sort(Comparator.comparingLong(Marks::age)));
        return found;
    }

    /** The first process inside of the container's own PID namespace, whose end ends all others. */
    static Optional<ProcessIdentity> sandboxInit(List<ProcessIdentity> marked) {
        return marked.stream().filter(process -> isSandboxInit(process.pid())).findFirst();
    }

    private Optional<ContainerRef> marked(Path process) {
        try {
            var prefix = VARIABLE + "=" + installation + "/";
            var environment =
                    new String(
                            Files.readAllBytes(process.resolve("environ")),
                            StandardCharsets.ISO_8859_1);
            for (var variable : environment.split("\0", -1)) {
                if (variable.startsWith(prefix)) {
                    return Optional.of(new ContainerRef(variable.substring(prefix.length())))
                            .filter(ContainerFolder::named);
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty(); // somebody else's, or it has just ended
        }
        return Optional.empty();
    }

    /** Two namespaces deep, ours and its own; what a user unshares inside lies deeper. */
    private static boolean isSandboxInit(long pid) {
        try (var lines = Files.lines(PROC.resolve(pid + "/status"), StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.startsWith("NSpid:"))
                    .map(line -> line.split("\\s+"))
                    .anyMatch(fields -> fields.length == 3 && fields[2].equals(SANDBOX_INIT));
        } catch (IOException | java.io.UncheckedIOException e) {
            return false;
        }
    }

    private static long age(ProcessIdentity process) {
        var start = process.start();
        return Long.parseLong(start.substring(start.lastIndexOf(':') + 1));
    }
}
