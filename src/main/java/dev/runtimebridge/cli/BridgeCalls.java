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
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * One bridge over HTTP, for one user. Every call ends in its answer or a {@link CommandFailed} that
 * says what is wrong.
 */
final class BridgeCalls implements AutoCloseable {
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

    BridgeCalls(URI bridge, Secret token) {
        this.bridge = bridge;
        this.token = token;
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT_WITHIN)
                        .build();
    }

    Secret token() {
        return token;
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

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(bridge.toString().replaceAll("/+$", "") + path))
                .header("Authorization", "Bearer " + token.reveal());
    }

    <T> T read(HttpRequest.Builder request, Class<T> type) {
        try (var body = send(request)) {
            return parse(new String(body.readAllBytes(), StandardCharsets.UTF_8), type);
        } catch (IOException e) {
            throw lost(e);
        }
    }

    InputStream send(HttpRequest.Builder request) {
        try {
            var answer =
                    http.send(request.timeout(ANSWER_WITHIN).build(), BodyHandlers.ofInputStream());
            if (answer.statusCode() / 100 != 2) {
                throw refused(answer);
            }
            return answer.body();
        } catch (HttpTimeoutException e) {
            throw new CommandFailed(
                    ExitStatus.NO_BRIDGE,
                    "the bridge at "
                            + bridge
                            + " did not answer in "
                            + ANSWER_WITHIN.toSeconds()
                            + " s",
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

    /** Sends, and throws the answer's body away. */
    void tell(HttpRequest.Builder request) {
        try (var body = send(request)) {
            body.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw lost(e);
        }
    }
}
