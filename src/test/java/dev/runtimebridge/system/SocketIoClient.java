package dev.runtimebridge.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A real {@code socket.io-client} 4 in node, as a web IDE has it: told by lines of JSON what to do,
 * telling what it hears the same way. The script and its packages are the agent's.
 */
final class SocketIoClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST_LIFE_SECONDS = 60;

    private final Process node;
    private final BufferedWriter orders;
    private final BufferedReader facts;
    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();

    /** Connects to the agent that a launch told of. */
    SocketIoClient(UserOfTheApi.Answer launched, String transports) throws IOException {
        this(
                "http://" + launched.text("url") + ":" + launched.text("port"),
                "/socket.io/",
                transports);
    }

    /**
     * @param server scheme, host and port; a host of the domain {@code localhost} is this machine,
     *     and its certificate is not looked at
     */
    SocketIoClient(String server, String path, String transports) throws IOException {
        var inNode = BridgeProcess.project().resolve("runtime-agent/src/test/js/in-node");
        node =
                new ProcessBuilder(inNode.toString(), "client.js", server, path, transports)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        // What is read of a process cannot be interrupted: its end is what ends the waiting.
        CompletableFuture.delayedExecutor(LONGEST_LIFE_SECONDS, TimeUnit.SECONDS)
                .execute(node::destroyForcibly);
        orders = node.outputWriter(StandardCharsets.UTF_8);
        facts = node.inputReader(StandardCharsets.UTF_8);
    }

    SocketIoClient emit(Object... eventAndData) throws IOException {
        return order(Map.of("emit", eventAndData));
    }

    SocketIoClient type(String keys) throws IOException {
        return order(Map.of("type", keys));
    }

    private SocketIoClient order(Map<String, ?> order) throws IOException {
        orders.write(JSON.writeValueAsString(order));
        orders.newLine();
        orders.flush();
        return this;
    }

    /** Waits for an event, whatever comes before but a connection that failed. */
    JsonNode await(String event) throws IOException {
        var fact = next();
        while (!fact.get("event").asText().equals(event)) {
            if (fact.get("event").asText().equals("connect_error")) {
                throw new AssertionError("no connection: " + fact);
            }
            fact = next();
        }
        return fact;
    }

    /** Waits until the terminal has shown {@code text}. */
    SocketIoClient awaitScreen(String text) throws IOException {
        while (!screen.toString(StandardCharsets.UTF_8).contains(text)) {
            next();
        }
        screen.reset();
        return this;
    }

    private JsonNode next() throws IOException {
        var line = facts.readLine();
        if (line == null) {
            throw new AssertionError("the client ended; the terminal showed " + screen);
        }
        var fact = JSON.readTree(line);
        if (fact.has("base64")) {
            screen.writeBytes(Base64.getDecoder().decode(fact.get("base64").asText()));
        }
        return fact;
    }

    @Override
    public void close() {
        node.destroyForcibly();
    }
}
