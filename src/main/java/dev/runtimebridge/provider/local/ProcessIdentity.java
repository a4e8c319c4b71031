package dev.runtimebridge.provider.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One process of this machine, for ever: a pid together with when it started, because pids are used
 * again.
 *
 * @param start opaque; on Linux the boot and the ticks since then
 */
record ProcessIdentity(long pid, String start) {
    private static final Path PROC = Path.of("/proc");
    private static final int STATE = 0;
    private static final int START_TICKS = 19;

    /** The process that has this pid now; empty when there is none or only its remains. */
    static Optional<ProcessIdentity> of(long pid) {
        return Files.exists(PROC.resolve("self/stat")) ? fromProc(pid) : fromHandle(pid);
    }

    boolean alive() {
        return of(pid).equals(Optional.of(this));
    }

    /** Asks it to end. */
    void terminate() {
        ours().ifPresent(ProcessHandle::destroy);
    }

    void kill() {
        ours().ifPresent(ProcessHandle::destroyForcibly);
    }

    /** Completes when it has ended; for a process that another one started, up to seconds late. */
    CompletableFuture<?> ended() {
        return ours().<CompletableFuture<?>>map(ProcessHandle::onExit)
                .orElseGet(() -> CompletableFuture.completedFuture(null));
    }

    /**
     * The handle is taken first: it carries the start time itself and signals nobody else, so a pid
     * that changes hands in between is caught either here or there.
     */
    private Optional<ProcessHandle> ours() {
        var handle = ProcessHandle.of(pid);
        return alive() ? handle : Optional.empty();
    }

    private static Optional<ProcessIdentity> fromProc(long pid) {
        try {
            var stat = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
            // The name in parentheses may hold anything, parentheses included.
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            if (fields[STATE].equals("Z") || fields[STATE].equals("X")) {
                return Optional.empty();
            }
            var boot = Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
            return Optional.of(new ProcessIdentity(pid, boot + ":" + fields[START_TICKS]));
        } catch (IOException e) {
            return Optional.empty(); // ended while it was looked at
        }
    }

    private static Optional<ProcessIdentity> fromHandle(long pid) {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .flatMap(handle -> handle.info().startInstant())
                .map(started -> new ProcessIdentity(pid, started.toString()));
    }
}
