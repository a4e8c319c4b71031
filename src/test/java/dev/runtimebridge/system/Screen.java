package dev.runtimebridge.system;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** What a process shows on its terminal, read until something appears. */
final class Screen {
    private final InputStream shown;
    private final OutputStream keys;
    private final StringBuilder text = new StringBuilder();

    Screen(Process process) {
        this.shown = process.getInputStream();
        this.keys = process.getOutputStream();
    }

    void type(String line) throws IOException {
        keys.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        keys.flush();
    }

    /** Reads on until {@code wanted} is shown; the test's own limit ends it otherwise. */
    void await(String wanted) throws IOException {
        var bytes = new byte[4096];
        while (text.indexOf(wanted) < 0) {
            int count = shown.read(bytes);
            if (count < 0) {
                throw new AssertionError("the terminal ended without " + wanted + ": " + text);
            }
            text.append(new String(bytes, 0, count, StandardCharsets.UTF_8));
        }
        text.delete(0, text.indexOf(wanted) + wanted.length());
    }
}
