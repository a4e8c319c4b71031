package dev.runtimeagent;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Just enough of a Socket.IO 5 client over WebSocket to open a terminal, run one command and see
 * what it prints. Packets: {@code 0} open, {@code 2} ping, {@code 3} pong, {@code 40} connected,
 * {@code 42[...]} event.
 */
final class TrainingTerminal implements WebSocket.Listener {
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder screen = new StringBuilder();
    private final String token;
    private final String command;
    private final String printed;

    private TrainingTerminal(String token, String command, String printed) {
        this.token = token;
        this.command = command;
        this.printed = printed;
    }

    /**
     * Opens a terminal, types {@code command} and waits for {@code printed} on the screen.
     *
     * @throws IllegalStateException when that does not come within {@code patience}
     */
    static void run(
            HttpClient client,
            URI agent,
            String token,
            String command,
            String printed,
            Duration patience)
            throws InterruptedException {
        var terminal = new TrainingTerminal(token, command, printed);
        var address =
                URI.create(
                        "ws://" + agent.getAuthority() + "/socket.io/?EIO=4&transport=websocket");
        try {
            var socket =
                    client.newWebSocketBuilder()
                            .buildAsync(address, terminal)
                            .get(patience.toMillis(), TimeUnit.MILLISECONDS);
            try {
                terminal.done.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            } finally {
                socket.abort(); // or the client's close would wait for it for ever
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(
                    "the terminal showed: " + terminal.screen + terminal.text, e);
        }
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            var packet = text.toString();
            text.setLength(0);
            answer(socket, packet);
        }
        socket.request(1);
        return null;
    }

    private void answer(WebSocket socket, String packet) {
        if (packet.startsWith("0")) {
            send(socket, "40");
        } else if (packet.startsWith("2")) {
            send(socket, "3" + packet.substring(1));
        } else if (packet.startsWith("40")) {
            send(socket, "42[\"AUTHENTICATE\",{\"token\":\"" + token + "\"}]");
        } else if (packet.startsWith("42[\"AUTHENTICATE\"")) {
            send(socket, "42[\"SSH_CONNECT\",\"\"]");
            send(socket, "42[\"SSH_RESIZE\",{\"cols\":80,\"rows\":24}]");
            send(socket, "42[\"SSH\",\"" + command + "\\r\"]");
        } else if (packet.startsWith("42[\"ERROR\"")) {
            done.completeExceptionally(new IllegalStateException(packet));
        }
    }

    private static void send(WebSocket socket, String packet) {
        socket.sendText(packet, true).join();
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
        screen.append(StandardCharsets.UTF_8.decode(data));
        if (screen.indexOf(printed) >= 0) {
            done.complete(null);
        }
        socket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
        done.completeExceptionally(
                new IllegalStateException("closed with " + status + " " + reason));
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        done.completeExceptionally(error);
    }
}
