package dev.runtimeagent.ssh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A session of processes in the sense of POSIX: all that its leader started, background jobs and
 * orphans included, except what called {@code setsid} itself. Such a process has left on purpose,
 * survives its login as it would with OpenSSH, and ends with the container.
 */
record ProcessSession(int leader) {
    private static final Path PROCESSES = Path.of("/proc");

    void hangUp() {
        for (var pid : members()) {
            Posix.kill(pid, Posix.SIGHUP);
            Posix.kill(pid, Posix.SIGCONT);
        }
    }

    /** Whether any was left to kill. */
    boolean kill() {
        var left = members();
        left.forEach(pid -> Posix.kill(pid, Posix.SIGKILL));
        return !left.isEmpty();
    }

    /** Kills until none is left, and gives up on one that the system does not let go of. */
    void killAndWait(Duration patience) {
        for (var left = members(); !left.isEmpty(); left = members()) {
            left.forEach(pid -> Posix.kill(pid, Posix.SIGKILL));
            var ends =
                    left.stream()
                            .flatMap(pid -> ProcessHandle.of(pid).stream())
                            .map(ProcessHandle::onExit)
                            .toArray(CompletableFuture[]::new);
            try {
                var _ =
                        CompletableFuture.allOf(ends)
                                .get(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (ExecutionException | TimeoutException e) {
                return;
            }
        }
    }

    /** Delivers a signal to the leader's process group. */
    void signal(int number) {
        Posix.kill(-leader, number);
    }

    /** The living processes of this session. */
    List<Integer> members() {
        var members = new ArrayList<Integer>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES, "[1-9]*")) {
            for (var process : processes) {
                if (belongs(process)) {
                    members.add(Integer.parseInt(process.getFileName().toString()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list processes in " + PROCESSES, e);
        }
        return members;
    }

    /** proc(5): {@code pid (name) state ppid pgrp session ...}; the name may hold anything. */
    private boolean belongs(Path process) {
        try {
            var stat =
                    Files.readString(
                            process.resolve("stat"), java.nio.charset.StandardCharsets.ISO_8859_1);
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 5);
            var ended = fields[0].equals("Z") || fields[0].equals("X");
            return !ended && Integer.parseInt(fields[3]) == leader;
        } catch (IOException e) {
            return false; // it ended meanwhile
        }
    }
}
