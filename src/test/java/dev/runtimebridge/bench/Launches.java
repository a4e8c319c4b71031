package dev.runtimebridge.bench;

import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.auth.TokenMinter;
import dev.runtimebridge.config.KeyMaterial;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** Users who launch, over HTTP, each with a token of their own. */
final class Launches implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final Duration AFTER_NO_ANSWER = Duration.ofSeconds(1);
    private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");
    private static final Pattern ADDRESS = Pattern.compile("\"url\":\"([^\"]+)\"");

    private final URI bridge;
    private final TokenMinter tokens;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .executor(Executors.newVirtualThreadPerTaskExecutor())
                    .build();

    private final AtomicInteger toldToComeAgain = new AtomicInteger();
    private volatile boolean comesAgain;
    private volatile InstantSource clock = InstantSource.system();

    /** A launch that was answered with 200. */
    record Answer(String user, String id, String ip, Instant at) {}

    Launches(URI bridge, KeyMaterial keys) {
        this.bridge = bridge;
        this.tokens = new TokenMinter(keys.jwtSecret(), InstantSource.system());
    }

    /** A token of this user, valid for an hour. */
    String token(String user) {
        return tokens.mint(new UserId(user), Optional.empty(), Set.of(), Duration.ofHours(1))
                .reveal();
    }

    Answer launch(String user, long image) throws IOException, InterruptedException {
        var request =
                to("/api/containers/launch", user)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"image_id\":" + image + "}"))
                        .build();
        var answer = answer(request);
        while (comesAgain && (answer.statusCode() == 503 || answer.statusCode() == 504)) {
            toldToComeAgain.incrementAndGet();
            var seconds = answer.headers().firstValueAsLong("Retry-After").orElseThrow();
            Thread.sleep(Duration.ofSeconds(seconds));
            answer = answer(request);
        }
        var at = clock.instant();
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("launch: " + answer.statusCode() + " " + answer.body());
        }
        return new Answer(user, group(ID, answer.body()), group(ADDRESS, answer.body()), at);
    }

    /** Who comes again also does so when nobody is there to answer. */
    private HttpResponse<String> answer(HttpRequest request)
            throws IOException, InterruptedException {
        while (true) {
            try {
                return http.send(request, BodyHandlers.ofString());
            } catch (IOException e) {
                if (!comesAgain) {
                    throw e;
                }
                Thread.sleep(AFTER_NO_ANSWER);
            }
        }
    }

    /** All of these users at once. */
    List<Answer> launchAll(List<String> users, long image)
            throws InterruptedException, ExecutionException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = new ArrayList<Callable<Answer>>();
            users.forEach(user -> calls.add(() -> launch(user, image)));
            var answers = new ArrayList<Answer>();
            for (var pending : threads.invokeAll(calls)) {
                answers.add(pending.get());
            }
            return answers;
        }
    }

    /** Changes an image of the catalogue, as an administrator. */
    void changeImage(long id, String change) throws IOException, InterruptedException {
        var administrator =
                tokens.mint(
                                new UserId("administrator"),
                                Optional.empty(),
                                Set.of("admin"),
                                Duration.ofHours(1))
                        .reveal();
        var request =
                HttpRequest.newBuilder(bridge.resolve("/api/admin/images/" + id))
                        .header("Authorization", "Bearer " + administrator)
                        .header("Content-Type", "application/json")
                        .header("If-Match", "*")
                        .method("PATCH", HttpRequest.BodyPublishers.ofString(change))
                        .build();
        var answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("change: " + answer.statusCode() + " " + answer.body());
        }
    }

    /** From now on whoever gets 503 or 504 launches again after the time that it names. */
    void comeAgainWhenTold() {
        comesAgain = true;
    }

    /** Answers are timed by this clock. */
    void timedBy(InstantSource other) {
        clock = other;
    }

    /** How often that was so. */
    int toldToComeAgain() {
        return toldToComeAgain.get();
    }

    /** How to log in to a container by SSH, as the API tells it. */
    String login(Answer launched) throws IOException, InterruptedException {
        var request =
                to("/api/containers/" + launched.id() + "/ssh", launched.user()).GET().build();
        return http.send(request, BodyHandlers.ofString()).body();
    }

    /** Ends a container; it is gone soon after. */
    void stop(Answer launched) throws IOException, InterruptedException {
        var request = to("/api/containers/" + launched.id(), launched.user()).DELETE().build();
        var answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException("stop: " + answer.statusCode() + " " + answer.body());
        }
    }

    private HttpRequest.Builder to(String path, String user) {
        return HttpRequest.newBuilder(bridge.resolve(path))
                .timeout(LONGEST)
                .header("Authorization", "Bearer " + token(user));
    }

    private static String group(Pattern pattern, String text) {
        var found = pattern.matcher(text);
        if (!found.find()) {
            throw new IllegalStateException("no " + pattern + " in " + text);
        }
        return found.group(1);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
