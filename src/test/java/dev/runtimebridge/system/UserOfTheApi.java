package dev.runtimebridge.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.auth.TokenMinter;
import dev.runtimebridge.secret.Secret;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A user's program: calls the API over HTTP with a token of its own. */
final class UserOfTheApi {
    static final int PYTHON = 1;
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI url;
    private final String token;
    private final Queue<Answer> seen = new ConcurrentLinkedQueue<>();

    /** What the API answered. */
    record Answer(int status, String body, OptionalLong retryAfterSeconds) {
        JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new AssertionError("no JSON: " + this, e);
            }
        }

        String text(String field) {
            var value = json().get(field);
            if (value == null) {
                throw new AssertionError("no " + field + " in " + this);
            }
            return value.asText();
        }
    }

    UserOfTheApi(URI url, Secret jwtSecret, String user) {
        this(url, jwtSecret, user, Set.of());
    }

    /** One whose token says that it has these roles. */
    UserOfTheApi(URI url, Secret jwtSecret, String user, Set<String> roles) {
        this.url = url;
        this.token =
                new TokenMinter(jwtSecret, InstantSource.system())
                        .mint(
                                new UserId(user),
                                Optional.of(user + "@example.org"),
                                roles,
                                Duration.ofHours(1))
                        .reveal();
    }

    /** A user of the bridge that was brought up on this folder. */
    static UserOfTheApi of(BridgeProcess up, String user) throws IOException {
        var url = up.url();
        return new UserOfTheApi(url, jwtSecret(up.data()), user);
    }

    static Secret jwtSecret(Path data) throws IOException {
        var name = "JWT_SECRET=";
        return new Secret(
                Files.readAllLines(data.resolve("keys.env")).stream()
                        .filter(line -> line.startsWith(name))
                        .map(line -> line.substring(name.length()))
                        .findFirst()
                        .orElseThrow());
    }

    String token() {
        return token;
    }

    /** Every answer so far. */
    Queue<Answer> seen() {
        return seen;
    }

    Answer launch() {
        return launchLater("").join();
    }

    /** Launches another image than the one for Python. */
    Answer launch(int image) {
        return launchLater(image, "").join();
    }

    /** Sends a launch; {@code prefer} may be empty. */
    CompletableFuture<Answer> launchLater(String prefer) {
        return launchLater(PYTHON, prefer);
    }

    private CompletableFuture<Answer> launchLater(int image, String prefer) {
        var body = "{\"image_id\": " + image + "}";
        var request =
                request("/api/containers/launch")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .header("Content-Type", "application/json");
        return send(prefer.isEmpty() ? request : request.header("Prefer", prefer));
    }

    Answer get(String path) {
        return send(request(path).GET()).join();
    }

    /** Changes the image that users launch; this one has to be an administrator. */
    Answer changeImage(String changes) {
        return send(request("/api/admin/images/" + PYTHON)
                        .method("PATCH", HttpRequest.BodyPublishers.ofString(changes))
                        .header("Content-Type", "application/json")
                        .header("If-Match", "*"))
                .join();
    }

    Answer post(String path, String body) {
        return send(request(path)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .header("Content-Type", "application/json"))
                .join();
    }

    Answer delete(String path) {
        return send(request(path).DELETE()).join();
    }

    Answer stop(String id) {
        return send(request("/api/containers/" + id).DELETE()).join();
    }

    /**
     * Follows a container's story until {@code phase}; the server's events come as they happen.
     *
     * @return everything that was told
     */
    String followUntil(String id, String phase) throws IOException, InterruptedException {
        var response =
                HTTP.send(
                        request("/api/containers/" + id + "/events").GET().build(),
                        HttpResponse.BodyHandlers.ofLines());
        var told = new StringBuilder();
        try (var lines = response.body()) {
            var all = lines.iterator();
            while (all.hasNext()) {
                var line = all.next();
                told.append(line).append('\n');
                if (line.contains("\"" + phase + "\"")) {
                    return told.toString();
                }
            }
        }
        throw new AssertionError("the story ends without " + phase + ": " + told);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(url.resolve(path))
                .timeout(LONGEST_ANSWER)
                .header("Authorization", "Bearer " + token);
    }

    private CompletableFuture<Answer> send(HttpRequest.Builder request) {
        return HTTP.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(
                        response ->
                                new Answer(
                                        response.statusCode(),
                                        response.body(),
                                        response.headers().firstValueAsLong("Retry-After")))
                .whenComplete(
                        (answer, _) -> {
                            if (answer != null) {
                                seen.add(answer);
                            }
                        });
    }
}
