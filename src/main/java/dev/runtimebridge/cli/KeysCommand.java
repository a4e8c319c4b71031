package dev.runtimebridge.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** {@code keys}. */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        description =
                "Prints a new set of keys for 'serve', as lines for .env. Keep them: without them"
                        + " what the database holds sealed is lost.")
final class KeysCommand implements Callable<Integer> {
    private final Operations operations;
    private final Surroundings surroundings;

    @Option(
            names = "--json",
            description = "Print them as one JSON object, as secret stores take it.")
    private boolean json;

    KeysCommand(Operations operations, Surroundings surroundings) {
        this.operations = operations;
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws JsonProcessingException {
        var lines = operations.newKeys().reveal().stripTrailing();
        surroundings
                .out()
                .println(json ? new ObjectMapper().writeValueAsString(values(lines)) : lines);
        return ExitStatus.DONE.code();
    }

    private static Map<String, String> values(String lines) {
        var values = new TreeMap<String, String>();
        for (var line : lines.lines().toList()) {
            int equals = line.indexOf('=');
            if (!line.startsWith("#") && equals > 0) {
                values.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return values;
    }
}
