package dev.runtimeagent.terminal;

import com.jcraft.jsch.JSchException;

import dev.runtimeagent.bridge.Bridge;
import dev.runtimeagent.bridge.SshAccess;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The container's shells: who has one, which wait for their user, and how many there are. */
final class Shells implements AutoCloseable {
    /** How asking for a shell can end. */
    sealed interface Outcome {
        record Taken(Shell shell) implements Outcome {}

        record Refused(ErrorType type, String why) implements Outcome {}
    }

    private final Bridge bridge;
    private final Supplier<String> ownHostKey;
    private final TerminalLimits limits;
    private final ScheduledExecutorService timer;
    private final List<Shell> open = new ArrayList<>();
    private final List<Shell> detached = new ArrayList<>();
    private final Map<Shell, Future<?>> expiries = new HashMap<>();
    private int opening;

    Shells(
            Bridge bridge,
            Supplier<String> ownHostKey,
            TerminalLimits limits,
            ScheduledExecutorService timer) {
        this.bridge = bridge;
        this.ownHostKey = ownHostKey;
        this.limits = limits;
        this.timer = timer;
    }

    /** The newest detached shell, else a new one; waits for bridge and SSH server. */
    Outcome take(TerminalSize size) {
        synchronized (this) {
            if (!detached.isEmpty()) {
                var shell = detached.removeLast();
                cancelExpiry(shell);
                return new Outcome.Taken(shell);
            }
            if (open.size() + opening >= limits.shells()) {
                return new Outcome.Refused(
                        ErrorType.SSH,
                        limits.shells() + " shells are open; exit one to open another");
            }
            opening++;
        }
        try {
            return switch (bridge.info()) {
                case SshAccess.Granted granted -> open(granted, size);
                case SshAccess.Refused(var why) -> new Outcome.Refused(ErrorType.SSH, why);
                case SshAccess.Unavailable(var why) ->
                        new Outcome.Refused(
                                bridge.keyAccepted() ? ErrorType.SSH : ErrorType.INIT_NEEDED, why);
            };
        } finally {
            synchronized (this) {
                opening--;
            }
        }
    }

    private Outcome open(SshAccess.Granted access, TerminalSize size) {
        var hostKey = access.hostKey().isBlank() ? ownHostKey.get() : access.hostKey();
        try {
            var shell = Shell.open(access, hostKey, size, limits.tailBytes(), this::forget);
            synchronized (this) {
                open.add(shell);
            }
            if (shell.isEnded()) {
                forget(shell); // it ended before we knew it
            }
            return new Outcome.Taken(shell);
        } catch (JSchException | IOException e) {
            return new Outcome.Refused(
                    ErrorType.SSH,
                    "cannot log in to "
                            + access.host()
                            + ":"
                            + access.port()
                            + " over SSH: "
                            + e.getMessage());
        }
    }

    /** Its socket is gone: keeps it for a while. */
    void leave(Shell shell) {
        shell.detach();
        synchronized (this) {
            if (open.contains(shell)) {
                detached.add(shell);
                expiries.put(
                        shell,
                        timer.schedule(
                                () -> expire(shell),
                                limits.detachedTime().toMillis(),
                                TimeUnit.MILLISECONDS));
            }
        }
    }

    private void expire(Shell shell) {
        synchronized (this) {
            if (!detached.remove(shell)) {
                return; // somebody has taken it meanwhile
            }
        }
        shell.close();
        forget(shell);
    }

    private void forget(Shell shell) {
        synchronized (this) {
            open.remove(shell);
            detached.remove(shell);
            cancelExpiry(shell);
        }
        // Not by jsch's own thread, which may be the caller.
        Thread.ofVirtual().start(shell::close);
    }

    private void cancelExpiry(Shell shell) {
        var expiry = expiries.remove(shell);
        if (expiry != null) {
            expiry.cancel(false);
        }
    }

    @Override
    public void close() {
        List<Shell> last;
        synchronized (this) {
            last = List.copyOf(open);
        }
        last.forEach(Shell::close);
    }
}
