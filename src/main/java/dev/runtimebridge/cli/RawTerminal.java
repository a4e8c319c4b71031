package dev.runtimebridge.cli;

import org.jline.utils.Signals;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The controlling terminal while the far side draws on it: every key goes through as it is. Set
 * back when closed, and when the process is told to end.
 */
final class RawTerminal implements AutoCloseable {
    private static final File TTY = new File("/dev/tty");
    private final String saved;
    private final Thread onExit = new Thread(this::restore, "terminal");

    private RawTerminal(String saved) {
        this.saved = saved;
    }

    /** Columns and rows. */
    record Size(int columns, int rows) {}

    /**
     * Takes the terminal over.
     *
     * @param resized is called on every change of its size
     * @throws IOException when this process has no terminal
     */
    static RawTerminal take(Runnable resized) throws IOException {
        var terminal = new RawTerminal(stty("-g"));
        Runtime.getRuntime().addShutdownHook(terminal.onExit);
        stty("raw", "-echo");
        Signals.register("WINCH", resized);
        return terminal;
    }

    /** Its size now, if it knows one. */
    static Optional<Size> size() {
        try {
            var parts = stty("size").split(" ", 2);
            var size = new Size(Integer.parseInt(parts[1]), Integer.parseInt(parts[0]));
            return size.columns() > 0 && size.rows() > 0 ? Optional.of(size) : Optional.empty();
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        Signals.registerDefault("WINCH");
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException e) {
            // already ending: the hook sets it back once more, which does no harm
        }
    }

    private void restore() {
        try {
            stty(saved);
        } catch (IOException e) {
            // the terminal is gone; there is nothing to set back
        }
    }

    private static String stty(String... arguments) throws IOException {
        var command = new String[arguments.length + 1];
        command[0] = "stty";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        var process =
                new ProcessBuilder(command)
                        .redirectInput(TTY)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try (var output = process.getInputStream()) {
            var answer = new String(output.readAllBytes(), StandardCharsets.US_ASCII).strip();
            if (process.waitFor() != 0) {
                throw new IOException(Arrays.toString(command) + " failed");
            }
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
