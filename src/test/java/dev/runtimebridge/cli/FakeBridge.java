package dev.runtimebridge.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Speaks as much of the bridge's API as the command line needs, over real HTTP. */
final class FakeBridge implements AutoCloseable {
    static final String TOKEN = "token-of-the-user";
    private static final String IMAGES =
            """
            {"image": [
              {"id": 1, "name": "Python 3", "language_name": "python", "available": true},
              {"id": 2, "name": "Node.js 18", "language_name": "node", "available": true},
              {"id": 3, "name": "Node.js 20", "language_name": "node", "available": true}],
             "language": []}\
            """;

    private static final String IMAGE =
            """
            {"id": 1, "name": "Python 3", "language": "python", "revision": 2,
             "local_command": "python3", "container_image": "", "task_definition": "python:7",
             "cpu_millis": 250, "memory_mib": 512, "architecture": "arm64",
             "price_usd_per_hour": "0.0123425", "enabled": true, "available": true, "version": 5}\
            """;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private final Map<String, String> states = new TreeMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    /** What one connection to a launch's events sends; each is used once, the last one for ever. */
    final List<String> eventStreams = new CopyOnWriteArrayList<>();

    String login = "";

    /** Where the gateway has them, if there is one. */
    String proxy = "";

    /** Whether containers that are added run on, but will be taken away. */
    boolean leaving;

    String outcome = "active";

    FakeBridge() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    List<String> requests() {
        return List.copyOf(requests);
    }

    void has(String id, long image, String state) {
        states.put(id, container(id, image, state));
    }

    static String event(int id, String phase, String second) {
        return "id: %d\nevent: %s\ndata: {\"phase\":\"%s\",\"at\":\"2026-01-01T00:00:%sZ\",\"detail\":\"\"}\n\n"
                .formatted(id, phase, phase, second);
    }

    private String container(String id, long image, String state) {
        return ("{\"id\":\"%s\",\"image_id\":%d,\"slot\":\"\",\"state\":\"%s\",\"created_at\":\"2026-01-01T00:00:00.000Z\""
                        + (state.equals("active") ? ",\"url\":\"127.64.0.7\",\"port\":8000" : "")
                        + (proxy.isEmpty() ? "" : ",\"proxy_url\":\"" + proxy + "\"")
                        + (state.equals("active") && leaving
                                ? ",\"end_reason\":{\"code\":\"container_lost\",\"detail\":\"AWS"
                                        + " takes it back\",\"hint\":\"save your files\"}"
                                : "")
                        + (state.equals("ended")
                                ? ",\"end_reason\":{\"code\":\"start_failed\",\"detail\":\"no"
                                        + " container came up\"}"
                                : "")
                        + "}")
                .formatted(id, image, state);
    }

    private void answer(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        var call = exchange.getRequestMethod() + " " + path;
        var lastEvent = exchange.getRequestHeaders().getFirst("Last-Event-ID");
        requests.add(call + (lastEvent == null ? "" : " after " + lastEvent));
        if (call.equals("GET /api/runtimes/available")) {
            json(exchange, 200, IMAGES);
        } else if (!("Bearer " + TOKEN)
                .equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            json(exchange, 401, "{\"detail\":\"the token does not verify\"}");
        } else if (call.equals("GET /api/admin/images")) {
            json(exchange, 200, "{\"images\":[" + IMAGE + "]}");
        } else if (path.startsWith("/api/admin/images")) {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests.add(exchange.getRequestHeaders().getFirst("If-Match") + " " + body);
            json(exchange, 200, IMAGE);
        } else if (call.equals("GET /api/containers")) {
            json(exchange, 200, "{\"containers\":[" + String.join(",", states.values()) + "]}");
        } else if (call.equals("POST /api/containers/launch")) {
            has("new", 1, "waiting");
            json(exchange, 202, states.get("new"));
        } else if (path.endsWith("/events")) {
            events(exchange);
        } else if (path.endsWith("/ssh")) {
            json(exchange, 200, login);
        } else if (call.startsWith("DELETE /api/containers/")) {
            has(name(path), 1, "ended");
            json(exchange, 202, states.get(name(path)));
        } else if (call.startsWith("GET /api/containers/") && states.containsKey(name(path))) {
            json(exchange, 200, states.get(name(path)));
        } else {
            json(exchange, 404, "{\"detail\":\"you have no such container\"}");
        }
    }

    private static String name(String path) {
        return path.split("/")[3];
    }

    private void events(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        var sent = eventStreams.size() > 1 ? eventStreams.removeFirst() : eventStreams.getFirst();
        if (eventStreams.size() == 1) {
            has("new", 1, outcome);
        }
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(sent.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void json(HttpExchange exchange, int status, String text) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
