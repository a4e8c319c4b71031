package dev.runtimeagent.ssh;

import dev.runtimeagent.ssh.SessionCommand.ChannelStreams;
import dev.runtimeagent.ssh.SessionCommand.RunningProgram;

import org.apache.sshd.server.ExitCallback;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Map;

/**
 * A program on a terminal. Output is read in bursts as large as the system has them ready and sent
 * as one packet each: a lone echo leaves at once, a flood leaves in large pieces.
 */
final class TerminalProgram implements RunningProgram {
    private static final int BURST_BYTES = 32 * 1024;
    private static final int KEYSTROKES_BYTES = 8 * 1024;

    private final SessionPrograms programs;
    private final Terminal terminal;
    private final ProcessSession session;
    private final ChannelStreams streams;

    private TerminalProgram(SessionPrograms programs, Terminal terminal, ChannelStreams streams) {
        this.programs = programs;
        this.terminal = terminal;
        this.session = new ProcessSession(terminal.leader());
        this.streams = streams;
    }

    static TerminalProgram start(
            SessionPrograms programs,
            @Nullable String commandLine,
            Map<String, String> wishes,
            ChannelStreams streams,
            ExitCallback ended)
            throws IOException {
        var terminal =
                Terminal.start(
                        SessionCommand.words(programs, commandLine),
                        programs.environment(wishes),
                        programs.folder(),
                        WindowSize.requested(wishes));
        var program = new TerminalProgram(programs, terminal, streams);
        programs.started(program.session);
        // Threads of the system, because both wait inside system calls.
        var output = daemon("output", program::sendOutput);
        daemon("keystrokes", program::takeKeystrokes);
        Thread.ofVirtual().start(() -> program.awaitEnd(output, ended));
        return program;
    }

    private static Thread daemon(String task, Runnable work) {
        return Thread.ofPlatform().daemon().name("ssh-" + task).start(work);
    }

    private void sendOutput() {
        var burst = new byte[BURST_BYTES];
        try (var reader = terminal.new Reader(burst)) {
            for (var length = reader.read(); length >= 0; length = reader.read()) {
                streams.output().write(burst, 0, length);
                streams.output().flush();
            }
        } catch (IOException e) {
            end(); // the channel is gone, and nobody reads any more
        }
    }

    private void takeKeystrokes() {
        try {
            type();
            streams.discardInput();
        } catch (IOException e) {
            end(); // the channel is gone, and nobody types any more
        }
    }

    /** Until the channel closes or the terminal takes no more. */
    private void type() throws IOException {
        var keystrokes = new byte[KEYSTROKES_BYTES];
        try (var writer = terminal.new Writer(KEYSTROKES_BYTES)) {
            var length = streams.input().read(keystrokes);
            while (length >= 0 && writer.write(keystrokes, length)) {
                length = streams.input().read(keystrokes);
            }
        }
    }

    /** The session is over when its leader is, even while a background job holds the terminal. */
    private void awaitEnd(Thread output, ExitCallback ended) {
        try {
            var status = terminal.waitForExit();
            terminal.stop();
            output.join();
            ended.onExit(status);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }

    @Override
    public ProcessSession session() {
        return session;
    }

    @Override
    public void resize(WindowSize size) {
        terminal.resize(size);
    }

    @Override
    public void end() {
        programs.end(session);
    }
}
