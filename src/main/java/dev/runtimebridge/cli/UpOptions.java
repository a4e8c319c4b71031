package dev.runtimebridge.cli;

import java.net.URI;
import java.nio.file.Path;

/**
 * What {@code up} was asked for.
 *
 * @param port to listen on, on 127.0.0.1; 0 takes any free one
 * @param data absolute folder of everything that is kept; may not exist yet
 */
public record UpOptions(int port, Path data, LastUp lastUp) {
    private static final int HIGHEST_PORT = 65_535;

    public UpOptions {
        if (port < 0 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
        }
        if (!data.isAbsolute()) {
            throw new IllegalArgumentException("the data folder must be absolute, not " + data);
        }
    }

    /**
     * To be called once the bridge answers: from then on the other commands find it.
     *
     * @throws java.io.UncheckedIOException when the folder cannot be written
     */
    public void answersAt(URI url) {
        lastUp.record(data, url);
    }
}
