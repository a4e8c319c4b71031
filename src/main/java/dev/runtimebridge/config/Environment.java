package dev.runtimebridge.config;

import io.github.cdimascio.dotenv.Dotenv;
import io.github.cdimascio.dotenv.DotenvException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Where the values come from: this process's environment, and a {@code .env} file below it. */
public final class Environment {
    private static final String FILE = ".env";

    private Environment() {}

    /**
     * The values of this process's environment, and those of {@code folder/.env} that it lacks.
     *
     * @throws IllegalArgumentException when there is such a file and it cannot be read; the message
     *     does not repeat its content
     */
    public static Map<String, String> read(Path folder) {
        return merge(file(folder.resolve(FILE)), System.getenv());
    }

    static Map<String, String> merge(Map<String, String> file, Map<String, String> environment) {
        var merged = new HashMap<>(file);
        merged.putAll(environment);
        return Map.copyOf(merged);
    }

    /** The values in a file of {@code KEY=value} lines; none when there is no such file. */
    static Map<String, String> file(Path file) {
        if (!Files.exists(file)) {
            return Map.of();
        }
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException(file + " cannot be read: check its permissions");
        }
        try {
            var values = new HashMap<String, String>();
            Dotenv.configure()
                    .directory(String.valueOf(file.toAbsolutePath().getParent()))
                    .filename(String.valueOf(file.getFileName()))
                    .load()
                    .entries(Dotenv.Filter.DECLARED_IN_ENV_FILE)
                    .forEach(entry -> values.put(entry.getKey(), entry.getValue()));
            return Map.copyOf(values);
        } catch (DotenvException e) {
            // its message quotes the line, which may be a secret's
            throw new IllegalArgumentException(
                    file + " has a line that is neither KEY=value nor a # comment");
        }
    }
}
