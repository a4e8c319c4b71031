package dev.runtimebridge.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.runtimebridge.testing.TestGateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/** Answers a gateway's questions as a test says; believes only who shows the key. */
final class ScriptedBridge implements AutoCloseable {
    /** As many as the bridge has; with fewer, many new callers at once are refused. */
    private static final int MOST_WAITING_TO_BE_ACCEPTED = 4096;

    /** A question. */
    record Asked(String target, Optional<String> session, Optional<String> authorization) {}

    /** An answer: 204 with headers, or a refusal. */
    record Says(int status, Map<String, String> headers) {}

    /** How a question is answered. */
    interface Script {
        Says answer(Asked asked) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    final List<Asked> asked = new CopyOnWriteArrayList<>();
    final BlockingQueue<String> reports = new LinkedBlockingQueue<>();
    volatile Script script = asked -> refuse(404, "no-container");

    ScriptedBridge() throws IOException {
        var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = HttpServer.create(anyPort, MOST_WAITING_TO_BE_ACCEPTED);
        server.setExecutor(threads);
        server.createContext("/gateway/decision", this::decide);
        server.createContext("/gateway/activity", this::note);
        server.start();
    }

    String place() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    static Says refuse(int status, String reason) {
        return new Says(status, Map.of("Gateway-Reason", reason));
    }

    static Says allow(String peer, String container, boolean forward) {
        var headers =
                new HashMap<>(
                        Map.of(
                                "Gateway-Peer",
                                peer,
                                "Gateway-Container",
                                container,
                                "Gateway-Valid-Ms",
                                "700",
                                "Gateway-Assertion",
                                "assertion-of-the-bridge"));
        if (forward) {
            headers.put("Gateway-Forward", "1");
        }
        return new Says(204, headers);
    }

    private void decide(HttpExchange exchange) throws IOException {
        try (exchange) {
            var headers = exchange.getRequestHeaders();
            if (!TestGateway.KEY.reveal().equals(headers.getFirst("Gateway-Key"))) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            var question =
                    new Asked(
                            String.valueOf(headers.getFirst("Gateway-Target")),
                            Optional.ofNullable(headers.getFirst("Gateway-Session")),
                            Optional.ofNullable(headers.getFirst("Authorization")));
            asked.add(question);
            var says = script.answer(question);
            says.headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
            exchange.sendResponseHeaders(says.status, -1);
        }
    }

    private void note(HttpExchange exchange) throws IOException {
        try (exchange) {
            reports.add(
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
