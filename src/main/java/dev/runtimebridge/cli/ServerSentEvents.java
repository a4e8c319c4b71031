package dev.runtimebridge.cli;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads a {@code text/event-stream} as the WHATWG HTML standard describes it, one event at a time.
 */
final class ServerSentEvents {
    private final BufferedReader lines;
    private String lastId = "";

    ServerSentEvents(BufferedReader lines) {
        this.lines = lines;
    }

    /** One event; {@code id} is the last that the stream named so far. */
    record Event(String id, String name, String data) {}

    /**
     * The next event that has data; empty at the end of the stream, where half an event is lost.
     */
    Optional<Event> next() throws IOException {
        var name = "message";
        StringBuilder data = null;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isEmpty()) {
                if (data != null) {
                    return Optional.of(new Event(lastId, name, data.toString()));
                }
                name = "message";
                continue;
            }
            int colon = line.indexOf(':');
            var field = colon < 0 ? line : line.substring(0, colon);
            var value = colon < 0 ? "" : line.substring(colon + 1);
            value = value.startsWith(" ") ? value.substring(1) : value;
            switch (field) {
                case "event" -> name = value.isEmpty() ? "message" : value;
                case "id" -> lastId = value;
                case "data" -> data = append(data, value);
                default -> {} // comments (an empty field name), retry, and what is not known
            }
        }
        return Optional.empty();
    }

    private static StringBuilder append(@Nullable StringBuilder data, String value) {
        return data == null ? new StringBuilder(value) : data.append('\n').append(value);
    }
}
