package dev.runtimeagent.ssh;

import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.Signal;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * What runs behind one channel: the login shell, or one command of it. With a terminal where the
 * client asked for one, over pipes otherwise. When the channel goes, the processes go.
 */
final class SessionCommand implements Command {
    private static final int COMMAND_NOT_STARTED = 127;

    private final SessionPrograms programs;
    private final @Nullable String commandLine;
    private @Nullable InputStream input;
    private @Nullable OutputStream output;
    private @Nullable OutputStream errors;
    private @Nullable ExitCallback exit;
    private volatile @Nullable RunningProgram running;

    /**
     * @param commandLine for the shell's {@code -c}; null for the login shell itself
     */
    SessionCommand(SessionPrograms programs, @Nullable String commandLine) {
        this.programs = programs;
        this.commandLine = commandLine;
    }

    @Override
    public void setInputStream(InputStream in) {
        input = in;
    }

    @Override
    public void setOutputStream(OutputStream out) {
        output = out;
    }

    @Override
    public void setErrorStream(OutputStream err) {
        errors = err;
    }

    @Override
    public void setExitCallback(ExitCallback callback) {
        exit = callback;
    }

    @Override
    public void start(ChannelSession channel, Environment environment) throws IOException {
        var streams =
                new ChannelStreams(
                        Objects.requireNonNull(input),
                        Objects.requireNonNull(output),
                        Objects.requireNonNull(errors));
        var ended = Objects.requireNonNull(exit);
        var wishes = environment.getEnv();
        try {
            var withTerminal = channel instanceof SessionChannel session && session.hasTerminal();
            running =
                    withTerminal
                            ? TerminalProgram.start(programs, commandLine, wishes, streams, ended)
                            : PipedProgram.start(programs, commandLine, wishes, streams, ended);
        } catch (IOException e) {
            streams.errors()
                    .write(
                            ("cannot start " + programs.shell() + ": " + e.getMessage() + "\r\n")
                                    .getBytes(StandardCharsets.UTF_8));
            streams.errors().flush();
            ended.onExit(COMMAND_NOT_STARTED);
            return;
        }
        environment.addSignalListener(
                (Channel from, Signal signal) -> deliver(signal, environment));
    }

    private void deliver(Signal signal, Environment environment) {
        var program = running;
        if (program == null) {
            return;
        }
        if (signal == Signal.WINCH) {
            program.resize(WindowSize.requested(environment.getEnv()));
        } else {
            program.session().signal(signal.getNumeric());
        }
    }

    @Override
    public void destroy(ChannelSession channel) {
        var program = running;
        if (program != null) {
            program.end();
        }
    }

    /** The channel's three streams. */
    record ChannelStreams(InputStream input, OutputStream output, OutputStream errors) {
        /**
         * Takes what the client still sends until the channel closes: were the pipe closed instead,
         * the next bytes would end the whole connection, with all that runs in it.
         */
        void discardInput() throws IOException {
            input.transferTo(OutputStream.nullOutputStream());
        }
    }

    /** A program that has been started for a channel. */
    interface RunningProgram {
        ProcessSession session();

        /** Without a terminal there is nothing to resize. */
        void resize(WindowSize size);

        /** The channel is gone: ends the whole session. A second call does nothing. */
        void end();
    }

    /** The words to start: a login shell, or that shell with one command. */
    static List<String> words(SessionPrograms programs, @Nullable String commandLine) {
        var shell = programs.shell().toString();
        return commandLine == null ? List.of(shell, "-l") : List.of(shell, "-c", commandLine);
    }
}
