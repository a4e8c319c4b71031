package dev.runtimebridge.cli;

import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.Signal;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** A "shell" that tells what reaches it: sizes, and each byte in hexadecimal; q ends it with 5. */
final class TerminalProbe implements Command {
    private InputStream in;
    private OutputStream out;
    private ExitCallback exit;

    @Override
    public void setInputStream(InputStream in) {
        this.in = in;
    }

    @Override
    public void setOutputStream(OutputStream out) {
        this.out = out;
    }

    @Override
    public void setErrorStream(OutputStream err) {}

    @Override
    public void setExitCallback(ExitCallback callback) {
        this.exit = callback;
    }

    @Override
    public void start(ChannelSession channel, Environment environment) throws IOException {
        environment.addSignalListener((c, signal) -> size(environment), Signal.WINCH);
        size(environment);
        Thread.startVirtualThread(this::read);
    }

    private void size(Environment environment) {
        var variables = environment.getEnv();
        say("size " + variables.get("COLUMNS") + "x" + variables.get("LINES"));
    }

    private void read() {
        try {
            for (int key = in.read(); key >= 0; key = in.read()) {
                if (key == 'q') {
                    exit.onExit(5);
                    return;
                }
                say("%02x".formatted(key));
            }
        } catch (IOException e) {
            exit.onExit(1);
        }
    }

    private synchronized void say(String text) {
        try {
            out.write((text + "\r\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            exit.onExit(1);
        }
    }

    @Override
    public void destroy(ChannelSession channel) {}
}
