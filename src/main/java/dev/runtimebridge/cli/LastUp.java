package dev.runtimebridge.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where the last {@code up} keeps its data and answers. A bridge writes its address to {@code
 * bridge.url} in its folder; the folder of the last one stands in {@code last-up} in the default
 * folder.
 *
 * @param state the default folder, absolute
 */
public record LastUp(Path state) {
    private static final String ADDRESS = "bridge.url";
    private static final String POINTER = "last-up";

    /** In {@code $XDG_STATE_HOME/runtime-bridge}, else {@code ~/.local/state/runtime-bridge}. */
    public static LastUp of(Map<String, String> environment) {
        var base = environment.getOrDefault("XDG_STATE_HOME", "");
        var parent =
                base.startsWith("/")
                        ? Path.of(base)
                        : Path.of(System.getProperty("user.home"), ".local", "state");
        return new LastUp(parent.resolve("runtime-bridge").toAbsolutePath());
    }

    /** The folder that {@code up} takes when none is named. */
    public Path defaultData() {
        return state;
    }

    /** The folder of the last {@code up}, else the default one. */
    public Path data() {
        return firstLine(state.resolve(POINTER))
                .map(Path::of)
                .filter(Files::isDirectory)
                .orElse(state);
    }

    /** Where the bridge of {@code data} answers, or did last. */
    public Optional<URI> url(Path data) {
        return firstLine(data.resolve(ADDRESS)).map(URI::create);
    }

    void record(Path data, URI url) {
        try {
            Files.createDirectories(state);
            Files.writeString(data.resolve(ADDRESS), url + "\n");
            Files.writeString(state.resolve(POINTER), data + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write where the bridge answers: " + e, e);
        }
    }

    private static Optional<String> firstLine(Path file) {
        try {
            return Files.readString(file).lines().findFirst().filter(line -> !line.isBlank());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
