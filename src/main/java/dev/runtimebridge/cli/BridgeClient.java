package dev.runtimebridge.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

import dev.runtimebridge.secret.Secret;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Calls a bridge for one user. Every call ends in its answer or a {@link CommandFailed} that says
 * what is wrong.
 */
final class BridgeClient implements AutoCloseable {
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);
    private static final int LONGEST_PROBLEM = 100_000;
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .addModule(new JavaTimeModule())
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build();

    private final URI bridge;
    private final Secret token;
    private final HttpClient http;

    BridgeClient(URI bridge, Secret token) {
        this.bridge = bridge;
        this.token = token;
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT_WITHIN)
                        .build();
    }

    List<Wire.Image> images() {
        return read(request("/api/runtimes/available").GET(), Wire.Runtimes.class).image();
    }

    /** The user's live containers, oldest first. */
    List<Wire.Container> containers() {
        return read(request("/api/containers").GET(), Wire.Containers.class).containers();
    }

    Wire.Container container(String id) {
        return read(request("/api/containers/" + id).GET(), Wire.Container.class);
    }

    Wire.Login login(String id) {
        return read(request("/api/containers/" + id + "/ssh").GET(), Wire.Login.class);
    }

    /** Asks for a container, without waiting for it. */
    Wire.Container launch(long imageId, String slot) {
        var body = text(new Wire.Launch(imageId, slot));
        return read(
                request("/api/containers/launch")
                        .header("Content-Type", "application/json")
                        .header("Prefer", "respond-async")
                        .POST(BodyPublishers.ofString(body)),
                Wire.Container.class);
    }

    /** Asks for a container's end, without waiting for it. */
    void stop(String id) {
        try (var body = send(request("/api/containers/" + id).DELETE(), ANSWER_WITHIN)) {
            body.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw lost(e);
        }
    }

    /** A container's story from its beginning, or from after {@code lastEventId} unless empty. */
    InputStream events(String id, String lastEventId) {
        var request =
                request("/api/containers/" + id + "/events").header("Accept", "text/event-stream");
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        return send(request.GET(), ANSWER_WITHIN);
    }

    static <T> T parse(String json, Class<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new CommandFailed(
                    ExitStatus.FAILED, "the bridge's answer is not understood: is it a bridge?", e);
        }
    }

    /** As one line of JSON. */
    static String text(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(value.getClass() + " cannot be written as JSON", e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    CommandFailed lost(IOException fault) {
        return new CommandFailed(
                ExitStatus.NO_BRIDGE, "the connection to " + bridge + " was lost", fault);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(bridge.toString().replaceAll("/+$", "") + path))
                .header("Authorization", "Bearer " + token.reveal());
    }

    private <T> T read(HttpRequest.Builder request, Class<T> type) {
        try (var body = send(request, ANSWER_WITHIN)) {
            return parse(new String(body.readAllBytes(), StandardCharsets.UTF_8), type);
        } catch (IOException e) {
            throw lost(e);
        }
    }

    private InputStream send(HttpRequest.Builder request, Duration within) {
        try {
            var answer = http.send(request.timeout(within).build(), BodyHandlers.ofInputStream());
            if (answer.statusCode() / 100 != 2) {
                throw refused(answer);
            }
            return answer.body();
        } catch (HttpTimeoutException e) {
            throw new CommandFailed(
                    ExitStatus.NO_BRIDGE,
                    "the bridge at " + bridge + " did not answer in " + within.toSeconds() + " s",
                    e);
        } catch (ConnectException e) {
            throw new CommandFailed(
                    ExitStatus.NO_BRIDGE,
                    "no bridge answers at " + bridge + ": start one with ./bridge up",
                    e);
        } catch (IOException e) {
            throw lost(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed(ExitStatus.FAILED, "interrupted", e);
        }
    }

    private CommandFailed refused(HttpResponse<InputStream> answer) throws IOException {
        String detail;
        try (var body = answer.body()) {
            detail = detail(new String(body.readNBytes(LONGEST_PROBLEM), StandardCharsets.UTF_8));
        }
        var again =
                answer.headers().firstValue("Retry-After").map(s -> "; try again in " + s + " s");
        var what =
                detail.isEmpty()
                        ? bridge + " answered " + answer.statusCode() + ": is it a bridge?"
                        : detail;
        var hint =
                answer.statusCode() == 401
                        ? " (the token comes from --token, BRIDGE_TOKEN or the keys in --data)"
                        : "";
        return new CommandFailed(ExitStatus.FAILED, what + hint + again.orElse(""));
    }

    private static String detail(String body) {
        try {
            var problem = JSON.readValue(body, Wire.Problem.class);
            return Optional.ofNullable(problem)
                    .map(p -> p.detail() != null ? p.detail() : p.error())
                    .orElse("");
        } catch (JsonProcessingException e) {
            return "";
        }
    }
}
