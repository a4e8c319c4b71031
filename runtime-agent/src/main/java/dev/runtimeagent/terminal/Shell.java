package dev.runtimeagent.terminal;

import com.jcraft.jsch.ChannelShell;
import com.jcraft.jsch.JSchException;

import dev.runtimeagent.bridge.SshAccess;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * One shell over SSH. It outlives its client's socket: without a viewer it runs on, and the tail of
 * its screen is kept for the next one. The thread that reads from SSH brings the output to the
 * viewer, so a viewer that is slow slows the program.
 */
final class Shell {
    /** Who looks at a shell. */
    interface Viewer {
        Outlet outlet();

        /** The shell has ended; its last output has been sent. */
        void shellEnded();
    }

    private final ScreenTail tail;
    private final Consumer<Shell> whenEnded;
    private @Nullable Viewer viewer;
    private @Nullable ChannelShell channel;
    private @Nullable Keyboard keyboard;
    private boolean ended;

    private Shell(int tailBytes, Consumer<Shell> whenEnded) {
        this.tail = new ScreenTail(tailBytes);
        this.whenEnded = whenEnded;
    }

    /**
     * Logs in and starts a shell, without a viewer.
     *
     * @param whenEnded called once, from any thread, maybe before this returns
     */
    static Shell open(
            SshAccess.Granted access,
            String hostKey,
            TerminalSize size,
            int tailBytes,
            Consumer<Shell> whenEnded)
            throws JSchException, IOException {
        var shell = new Shell(tailBytes, whenEnded);
        var channel = SshLogin.open(access, hostKey, size, shell.new Screen());
        synchronized (shell) {
            shell.channel = channel;
            shell.keyboard = new Keyboard(channel.getOutputStream());
        }
        return shell;
    }

    /** Replays the tail of the screen to {@code next} and shows it what comes from now on. */
    synchronized void attach(Viewer next) throws InterruptedException {
        var content = tail.content();
        next.outlet().write(content, 0, content.length);
        viewer = next;
        if (ended) {
            next.outlet().flush();
            next.shellEnded();
        }
    }

    /** Nobody looks any more; what the last viewer has not got stays in the tail. */
    void detach() {
        Viewer last;
        synchronized (this) {
            last = viewer;
            viewer = null;
        }
        keyboard().relief(() -> {});
        if (last != null) {
            last.outlet().close();
        }
    }

    synchronized Keyboard keyboard() {
        return Objects.requireNonNull(keyboard);
    }

    synchronized boolean isEnded() {
        return ended;
    }

    void resize(TerminalSize size) {
        opened().setPtySize(size.columns(), size.rows(), 0, 0);
    }

    private synchronized ChannelShell opened() {
        return Objects.requireNonNull(channel);
    }

    /** Hangs up; there is nothing to hang up yet when the login fails. */
    void close() {
        ChannelShell open;
        synchronized (this) {
            open = channel;
        }
        if (open == null) {
            return;
        }
        try {
            open.getSession().disconnect();
        } catch (JSchException e) {
            // It has no session any more: it is closed.
        }
    }

    /** What jsch's reader writes to. */
    private final class Screen extends OutputStream {
        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            Viewer watching;
            synchronized (Shell.this) {
                tail.append(bytes, offset, length);
                watching = viewer;
            }
            if (watching != null) {
                try {
                    watching.outlet().write(bytes, offset, length);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new InterruptedIOException("the shell was closed");
                }
            }
        }

        @Override
        public void close() {
            Viewer watching;
            synchronized (Shell.this) {
                if (ended) {
                    return;
                }
                ended = true;
                watching = viewer;
            }
            if (watching != null) {
                watching.outlet().flush();
                watching.shellEnded();
            }
            whenEnded.accept(Shell.this);
        }
    }
}
