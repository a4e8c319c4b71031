package dev.runtimebridge.cli;

import com.fasterxml.jackson.databind.JsonNode;

import dev.runtimebridge.secret.Secret;

import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * A shell through the gateway: the agent's terminal, as web IDEs use it, which is Socket.IO
 * protocol 5 over one WebSocket (docs/agent.md). A shell that another connection left is taken up
 * again.
 */
final class GatewayShell {
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(15);
    private static final int KEYS_AT_ONCE = 1024;
    private static final String END_OF_INPUT = "\u0004";

    private final URI agent;
    private final Secret token;
    private final Surroundings surroundings;
    private final CompletableFuture<Integer> end = new CompletableFuture<>();
    private final ExecutorService sender =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().factory());

    /**
     * @param agent the agent's address through the gateway
     * @param token of the container's owner
     */
    GatewayShell(URI agent, Secret token, Surroundings surroundings) {
        this.agent = agent;
        this.token = token;
        this.surroundings = surroundings;
    }

    /**
     * Runs until the shell ends, which is status 0, or the connection breaks, 255.
     *
     * @throws CommandFailed when there is no terminal to be had
     */
    int run() {
        try (var http = HttpClient.newBuilder().connectTimeout(CONNECT_WITHIN).build()) {
            var scheme = "http".equals(agent.getScheme()) ? "ws://" : "wss://";
            var address =
                    URI.create(
                            scheme
                                    + agent.getRawAuthority()
                                    + "/socket.io/?EIO=4&transport=websocket");
            var socket =
                    http.newWebSocketBuilder()
                            .header("Authorization", "Bearer " + token.reveal())
                            .connectTimeout(CONNECT_WITHIN)
                            .buildAsync(address, new Events())
                            .join();
            try {
                return end.join();
            } finally {
                sender.shutdownNow();
                socket.abort();
                http.shutdownNow();
            }
        } catch (CompletionException e) {
            throw e.getCause() instanceof CommandFailed failed ? failed : refused(e);
        }
    }

    private CommandFailed refused(CompletionException e) {
        return e.getCause() instanceof WebSocketHandshakeException answered
                ? failed("it answered " + answered.getResponse().statusCode())
                : failed("it cannot be reached: " + e.getCause());
    }

    private CommandFailed failed(String why) {
        return new CommandFailed(
                ExitStatus.NO_SESSION,
                "no terminal through the gateway at " + agent.getRawAuthority() + ": " + why);
    }

    /** What the agent says; one message may come in several parts. */
    private final class Events implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                var packet = text.toString();
                text.setLength(0);
                heard(socket, packet);
            }
            socket.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer part, boolean last) {
            var bytes = new byte[part.remaining()];
            part.get(bytes);
            surroundings.out().write(bytes, 0, bytes.length);
            surroundings.out().flush();
            socket.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            broken();
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void onError(WebSocket socket, Throwable fault) {
            broken();
        }
    }

    private void broken() {
        if (end.complete(ExitStatus.NO_SESSION.code())) {
            surroundings.err().println("bridge: the connection was closed by the container");
        }
    }

    /** Engine.IO's type comes first, Socket.IO's second. */
    private void heard(WebSocket socket, String packet) {
        if (packet.startsWith("0")) {
            send(socket, "40");
        } else if (packet.equals("2")) {
            send(socket, "3");
        } else if (packet.startsWith("40")) {
            emit(socket, "AUTHENTICATE", Map.of("token", token.reveal()));
        } else if (packet.startsWith("42")) {
            var event = BridgeCalls.parse(packet.substring(2), JsonNode.class);
            happened(socket, event.path(0).asText(), event.path(1));
        }
    }

    private void happened(WebSocket socket, String event, JsonNode data) {
        switch (event) {
            case "AUTHENTICATE" -> begin(socket);
            case "ERROR" -> end.completeExceptionally(failed(data.path("message").asText()));
            case "SSH_DOWN" -> end.complete(ExitStatus.DONE.code());
            default -> {}
        }
    }

    private void begin(WebSocket socket) {
        if (surroundings.terminal() && surroundings.keyboard()) {
            resize(socket);
            try {
                var terminal = RawTerminal.take(() -> resize(socket));
                var _ = end.whenComplete((_, _) -> terminal.close());
            } catch (IOException e) {
                end.completeExceptionally(failed(String.valueOf(e.getMessage())));
                return;
            }
        }
        emit(socket, "SSH_CONNECT", "");
        // Reading the keyboard cannot be interrupted; the process ends with the session.
        Thread.ofPlatform().daemon().name("keyboard").start(() -> type(socket));
    }

    private void resize(WebSocket socket) {
        RawTerminal.size()
                .ifPresent(
                        size ->
                                emit(
                                        socket,
                                        "SSH_RESIZE",
                                        Map.of("cols", size.columns(), "rows", size.rows())));
    }

    private void type(WebSocket socket) {
        var keys = new char[KEYS_AT_ONCE];
        try {
            var keyboard = new InputStreamReader(surroundings.in(), StandardCharsets.UTF_8);
            for (int read = keyboard.read(keys); read >= 0; read = keyboard.read(keys)) {
                emit(socket, "SSH", new String(keys, 0, read));
            }
            emit(socket, "SSH", END_OF_INPUT);
        } catch (IOException e) {
            broken();
        }
    }

    private void emit(WebSocket socket, String event, Object data) {
        send(socket, "42" + BridgeCalls.text(List.of(event, data)));
    }

    /** One after the other, as WebSocket wants it, and never by the thread that listens. */
    private void send(WebSocket socket, String packet) {
        try {
            var _ = sender.submit(() -> socket.sendText(packet, true).join());
        } catch (RejectedExecutionException e) {
            // The session is over, and a key was pressed all the same.
        }
    }
}
