package dev.runtimeagent.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A real {@code socket.io-client} 4 in node. */
public final class NodeClient implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;

    private final ObjectMapper json = new ObjectMapper();
    private final Process process;
    private final BufferedWriter orders;
    private final LinkedBlockingQueue<JsonNode> heard = new LinkedBlockingQueue<>();
    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();

    public NodeClient(int port, String transports, Map<String, String> headers) {
        try {
            process =
                    new ProcessBuilder(
                                    inNode(
                                            "client.js",
                                            "http://127.0.0.1:" + port,
                                            "/socket.io/",
                                            transports,
                                            json.writeValueAsString(headers)))
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
        } catch (IOException e) {
            throw new AssertionError("the terminal's tests need the program node", e);
        }
        orders = process.outputWriter(StandardCharsets.UTF_8);
        Thread.ofVirtual().start(this::listen);
    }

    /** A command that runs a program of {@code src/test/js} in node. */
    public static List<String> inNode(String program, String... arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of("src/test/js/in-node").toAbsolutePath().toString());
        command.add(program);
        command.addAll(List.of(arguments));
        return command;
    }

    private void listen() {
        try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                heard.add(json.readTree(line));
            }
        } catch (IOException e) {
            // It was closed while we listened: a test that misses something says so itself.
        }
    }

    public void order(Map<String, ?> order) {
        try {
            orders.write(json.writeValueAsString(order));
            orders.newLine();
            orders.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void emit(Object... eventAndData) {
        order(Map.of("emit", eventAndData));
    }

    public void type(String keys) {
        order(Map.of("type", keys));
    }

    /** Waits for {@code event}; passes over what else is heard before, and collects the screen. */
    public JsonNode await(String event) {
        while (true) {
            var next = next();
            if (next.get("event").asText().equals(event)) {
                return next;
            }
        }
    }

    /** Waits until the screen shows {@code text}; answers all it has shown since the last call. */
    public String awaitScreen(String text) {
        while (!screen.toString(StandardCharsets.UTF_8).contains(text)) {
            next();
        }
        var shown = screen.toString(StandardCharsets.UTF_8);
        screen.reset();
        return shown;
    }

    private JsonNode next() {
        try {
            var next = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError(
                        "nothing heard for "
                                + PATIENCE_SECONDS
                                + " s; the screen shows "
                                + screen.toString(StandardCharsets.UTF_8));
            }
            if (next.has("base64")) {
                var bytes = Base64.getDecoder().decode(next.get("base64").asText());
                if (bytes.length > Outlet.MESSAGE_BYTES) {
                    throw new AssertionError("a message of " + bytes.length + " bytes");
                }
                screen.writeBytes(bytes);
            }
            return next;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Authenticates and takes a shell. */
    public NodeClient openShell(String token) {
        await("connect");
        emit("AUTHENTICATE", Map.of("token", token));
        await("AUTHENTICATE");
        emit("SSH_CONNECT", "");
        return this;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
