package dev.runtimeagent.ssh;

import dev.runtimeagent.ssh.SessionCommand.ChannelStreams;
import dev.runtimeagent.ssh.SessionCommand.RunningProgram;

import org.apache.sshd.server.ExitCallback;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A program over three pipes. Like OpenSSH it is over when it has ended and nobody holds its output
 * any more; the status of one that a signal ended is 128 + that signal.
 */
final class PipedProgram implements RunningProgram {
    private static final int CHUNK_BYTES = 32 * 1024;

    private final SessionPrograms programs;
    private final Process process;
    private final ProcessSession session;
    private final ChannelStreams streams;

    private PipedProgram(SessionPrograms programs, Process process, ChannelStreams streams) {
        this.programs = programs;
        this.process = process;
        this.session = new ProcessSession(Math.toIntExact(process.pid()));
        this.streams = streams;
    }

    static PipedProgram start(
            SessionPrograms programs,
            @Nullable String commandLine,
            Map<String, String> wishes,
            ChannelStreams streams,
            ExitCallback ended)
            throws IOException {
        // setsid(1) makes it leader of a session that can be ended as one; its pid stays the same.
        List<String> words = new ArrayList<>(List.of("setsid"));
        words.addAll(SessionCommand.words(programs, commandLine));
        var builder = new ProcessBuilder(words).directory(programs.folder().toFile());
        builder.environment().clear();
        builder.environment().putAll(programs.environment(wishes));
        var program = new PipedProgram(programs, builder.start(), streams);
        programs.started(program.session);
        daemon("input", program::feed);
        var output =
                daemon(
                        "output",
                        () -> program.send(program.process.getInputStream(), streams.output()));
        var errors =
                daemon(
                        "errors",
                        () -> program.send(program.process.getErrorStream(), streams.errors()));
        Thread.ofVirtual().start(() -> program.awaitEnd(output, errors, ended));
        return program;
    }

    private static Thread daemon(String task, Runnable work) {
        return Thread.ofPlatform().daemon().name("ssh-" + task).start(work);
    }

    private void send(InputStream from, OutputStream to) {
        var chunk = new byte[CHUNK_BYTES];
        try {
            for (var length = from.read(chunk); length >= 0; length = from.read(chunk)) {
                to.write(chunk, 0, length);
                to.flush();
            }
        } catch (IOException e) {
            end(); // the channel is gone, and nobody reads any more
        }
    }

    private void feed() {
        var chunk = new byte[CHUNK_BYTES];
        try (var into = process.getOutputStream()) {
            for (var length = streams.input().read(chunk);
                    length >= 0;
                    length = streams.input().read(chunk)) {
                into.write(chunk, 0, length);
                into.flush();
            }
        } catch (IOException e) {
            discardInput(); // the program reads no more: head(1) does so on purpose
        }
    }

    private void discardInput() {
        try {
            streams.discardInput();
        } catch (IOException e) {
            end(); // the channel is gone
        }
    }

    private void awaitEnd(Thread output, Thread errors, ExitCallback ended) {
        try {
            var status = process.waitFor();
            output.join();
            errors.join();
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
    public void resize(WindowSize size) {}

    @Override
    public void end() {
        programs.end(session);
    }
}
