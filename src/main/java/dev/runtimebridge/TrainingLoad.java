package dev.runtimebridge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** What the users of a busy bridge ask of it, over real HTTP: mostly launches. */
final class TrainingLoad implements AutoCloseable {
    private static final int TOGETHER = 100;
    private static final int CLIENTS = 16;
    private static final int LAUNCHES_PER_TOKEN = 500;
    private static final int LAUNCHES_PER_ROUND_OF_OTHERS = 200;
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(60);
    private static final String USER = "1";
    private static final String DEFINITION = "workspace:1";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI bridge;
    private final UnaryOperator<String> tokens;
    private final String administrator;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .executor(Executors.newVirtualThreadPerTaskExecutor())
                    .build();

    /**
     * @param tokens makes a new token of a user
     * @param administrator an administrator's token
     */
    TrainingLoad(URI bridge, UnaryOperator<String> tokens, String administrator) {
        this.bridge = bridge;
        this.tokens = tokens;
        this.administrator = administrator;
    }

    /**
     * Offers the first image of the catalogue, has many users launch it together, again and again,
     * and then one who goes on launching what is there.
     *
     * @param bursts of so many users at once
     * @param launches of a container that is there
     * @param atMost how long these may take
     * @return how many launches there were
     * @throws IllegalStateException when the bridge answers otherwise than it should
     */
    int run(int bursts, int launches, Duration atMost) throws IOException, InterruptedException {
        int image = offer();
        for (int burst = 0; burst < bursts; burst++) {
            burst(image, "burst-" + burst + "-");
        }
        return bursts * TOGETHER + goOn(image, launches, atMost);
    }

    private int offer() throws IOException, InterruptedException {
        var images = ok(request("/api/runtimes/available", "")).get("image");
        int image = images.get(0).get("id").asInt();
        var change =
                HttpRequest.newBuilder(bridge.resolve("/api/admin/images/" + image))
                        .timeout(LONGEST_ANSWER)
                        .header("Authorization", "Bearer " + administrator)
                        .header("Content-Type", "application/json")
                        .header("If-Match", "*")
                        .method(
                                "PATCH",
                                BodyPublishers.ofString(
                                        "{\"task_definition\":\"" + DEFINITION + "\"}"))
                        .build();
        ok(change);
        return image;
    }

    private void burst(int image, String prefix) throws InterruptedException {
        together(
                TOGETHER,
                user -> {
                    var token = tokens.apply(prefix + user);
                    var id = ok(launch(image, token)).get("id").asText();
                    send(request("/api/containers/" + id, token, "DELETE", ""));
                });
    }

    private int goOn(int image, int launches, Duration atMost)
            throws IOException, InterruptedException {
        var token = tokens.apply(USER);
        ok(launch(image, token));
        var id = ok(request("/api/containers", token)).get("containers").get(0).get("id").asText();
        var story = http.sendAsync(events(id, token), BodyHandlers.ofString());
        int launched = storm(image, id, launches, System.nanoTime() + atMost.toNanos());
        send(request("/api/containers/" + id, token, "DELETE", ""));
        story.join();
        return launched;
    }

    private int storm(int image, String id, int launches, long until) throws InterruptedException {
        var launched = new AtomicInteger();
        together(CLIENTS, _ -> client(image, id, launched, launches, until));
        return launched.get();
    }

    /** What one of many does. */
    @FunctionalInterface
    private interface Part {
        void run(int which) throws IOException, InterruptedException;
    }

    private static void together(int many, Part part) throws InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> parts = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                int which = i;
                parts.add(
                        threads.submit(
                                () -> {
                                    part.run(which);
                                    return true;
                                }));
            }
            for (var each : parts) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a client of the training failed", e.getCause());
        }
    }

    private void client(int image, String id, AtomicInteger launched, int launches, long until)
            throws IOException, InterruptedException {
        var token = tokens.apply(USER);
        for (int mine = 1; launched.get() < launches && System.nanoTime() < until; mine++) {
            ok(launch(image, token));
            launched.incrementAndGet();
            if (mine % LAUNCHES_PER_TOKEN == 0) {
                token = tokens.apply(USER);
            }
            if (mine % LAUNCHES_PER_ROUND_OF_OTHERS == 0) {
                others(id, token);
            }
        }
    }

    private void others(String id, String token) throws IOException, InterruptedException {
        for (var path :
                List.of(
                        "/api/containers",
                        "/api/containers/" + id,
                        "/api/containers/" + id + "/ssh",
                        "/api/runtimes/available",
                        "/api/users/",
                        "/healthz",
                        "/readyz",
                        "/openapi.json",
                        "/nothing/here")) {
            send(request(path, token));
        }
        send(request("/api/containers", token + "x"));
        send(request("/auth/token", "", "POST", "{\"token\":\"" + token + "\"}"));
    }

    private HttpRequest launch(int image, String token) {
        return request(
                "/api/containers/launch", token, "POST", "{\"image_id\":%d}".formatted(image));
    }

    private HttpRequest events(String id, String token) {
        return request("/api/containers/" + id + "/events", token);
    }

    private HttpRequest request(String path, String token) {
        return request(path, token, "GET", "");
    }

    private HttpRequest request(String path, String token, String method, String body) {
        var request =
                HttpRequest.newBuilder(bridge.resolve(path))
                        .timeout(LONGEST_ANSWER)
                        .method(method, BodyPublishers.noBody());
        if (!body.isEmpty()) {
            request.method(method, BodyPublishers.ofString(body))
                    .header("Content-Type", "application/json");
        }
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return request.build();
    }

    private JsonNode ok(HttpRequest request) throws IOException, InterruptedException {
        var answer = send(request);
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(
                    "%s %s answered %d: %s"
                            .formatted(
                                    request.method(),
                                    request.uri().getPath(),
                                    answer.statusCode(),
                                    answer.body()));
        }
        return JSON.readTree(answer.body());
    }

    private HttpResponse<String> send(HttpRequest request)
            throws IOException, InterruptedException {
        return http.send(request, BodyHandlers.ofString());
    }

    @Override
    public void close() {
        http.close();
    }
}
