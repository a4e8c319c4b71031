package dev.runtimebridge.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.ContainerRef;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;

/**
 * Answers {@code /ping} and {@code /init} as {@code docs/agent.md} says, over HTTP on loopback, for
 * one container. It keeps the proofs it was shown instead of verifying them.
 */
public final class StubAgent implements AutoCloseable {
    /** How it answers. */
    public enum Behaviour {
        WELL,
        /** 500 to everything. */
        SERVER_ERROR,
        /** 200 with a body that is not JSON. */
        NOT_JSON,
        /** Ping names another container. */
        ANOTHER_CONTAINER,
        /** Ping is well, init is answered 400. */
        REFUSES_INIT,
        /** Promises a body, sends one byte of it and no more until it is closed. */
        DRIPS
    }

    public static final String USER = "together";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ContainerRef ref;
    private final HttpServer server;
    private final List<String> proofs = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Behaviour behaviour = Behaviour.WELL;
    private Optional<String> apiKey = Optional.empty();

    /**
     * @param ip a loopback address
     * @param requests runs its handlers; closed by its owner
     */
    public StubAgent(ContainerRef ref, String ip, Executor requests) {
        this.ref = ref;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral(ip), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(requests);
        server.createContext("/ping", exchange -> answer(exchange, this::ping));
        server.createContext("/init", exchange -> answer(exchange, this::init));
        server.start();
    }

    public Address address() {
        var bound = server.getAddress();
        return new Address(bound.getAddress().getHostAddress(), bound.getPort());
    }

    public void behave(Behaviour next) {
        behaviour = next;
    }

    /** The key of the accepted init. */
    public synchronized Optional<String> apiKey() {
        return apiKey;
    }

    /** What {@code X-Bridge-Proof} carried, call by call. */
    public List<String> proofs() {
        return List.copyOf(proofs);
    }

    /** The password it answers init with: a function of its container. */
    public String password() {
        return "password of " + ref;
    }

    /** Calls home from its own address; answers the bridge's status. */
    public int callHome(URI bridge) throws IOException, InterruptedException {
        try (var http =
                HttpClient.newBuilder()
                        .localAddress(server.getAddress().getAddress())
                        .connectTimeout(Duration.ofSeconds(5))
                        .build()) {
            var request =
                    HttpRequest.newBuilder(bridge.resolve("/api/containers/ready"))
                            .timeout(Duration.ofSeconds(5))
                            .header("Content-Type", "application/json")
                            .POST(
                                    HttpRequest.BodyPublishers.ofString(
                                            write(Map.of("container", ref.value()))))
                            .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
    }

    private record Reply(int status, String body) {}

    private interface Route {
        Reply reply(HttpExchange exchange) throws IOException;
    }

    private void answer(HttpExchange exchange, Route route) throws IOException {
        try (exchange) {
            if (behaviour == Behaviour.DRIPS) {
                drip(exchange);
                return;
            }
            var reply =
                    switch (behaviour) {
                        case SERVER_ERROR -> new Reply(500, "{\"error\": \"scripted\"}");
                        case NOT_JSON -> new Reply(200, "<html>scripted</html>");
                        case WELL, ANOTHER_CONTAINER, REFUSES_INIT, DRIPS -> route.reply(exchange);
                    };
            var body = reply.body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(reply.status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private void drip(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 1000);
        exchange.getResponseBody().write('{');
        exchange.getResponseBody().flush();
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Reply ping(HttpExchange exchange) {
        var named = behaviour == Behaviour.ANOTHER_CONTAINER ? "another-" + ref : ref.value();
        return new Reply(
                200,
                write(
                        Map.of(
                                "ping",
                                "pong",
                                "init",
                                apiKey.isPresent(),
                                "key_status",
                                false,
                                "container",
                                named)));
    }

    private synchronized Reply init(HttpExchange exchange) throws IOException {
        var proof = exchange.getRequestHeaders().getFirst("X-Bridge-Proof");
        proofs.add(proof == null ? "" : proof);
        JsonNode body = JSON.readTree(exchange.getRequestBody());
        var given = body.path("api_key").asText();
        if (behaviour == Behaviour.REFUSES_INIT || !apiKey.orElse(given).equals(given)) {
            return new Reply(400, "{\"error\": \"already initialised\"}");
        }
        apiKey = Optional.of(given);
        return new Reply(
                200,
                write(
                        Map.of(
                                "username",
                                USER,
                                "auth_type",
                                "password",
                                "auth",
                                password(),
                                "ssh_port",
                                2222,
                                "host_key",
                                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA")));
    }

    private static String write(Map<String, ?> body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
