package dev.runtimebridge.auth;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks a service for JSON within a limit of time, from the first byte sent to the last one read,
 * and of size. No redirect is followed: only what is configured is asked.
 */
final class BoundedHttp implements AutoCloseable {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final JsonMapper json = new JsonMapper();
    private final HttpClient http;
    private final Duration limit;
    private final long largestBytes;

    /**
     * An answer.
     *
     * @param body missing when it is not JSON
     */
    record Answer(int status, JsonNode body) {}

    BoundedHttp(Duration limit, long largestBytes) {
        this.limit = limit;
        this.largestBytes = largestBytes;
        this.http =
                HttpClient.newBuilder()
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(limit)
                        .executor(threads)
                        .build();
    }

    /** Throws {@code IOException}, with a message that says what went wrong, for no answer. */
    Answer ask(HttpRequest request) throws IOException {
        var pending =
                http.sendAsync(
                        request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), largestBytes));
        try {
            var response = pending.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return new Answer(response.statusCode(), parse(response.body()));
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + limit.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            var cause = Optional.ofNullable(e.getCause()).orElse(e);
            throw new IOException(
                    Optional.ofNullable(cause.getMessage())
                            .orElse(cause.getClass().getSimpleName()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            pending.cancel(true);
        }
    }

    private JsonNode parse(byte[] body) throws IOException {
        try {
            return Optional.ofNullable(json.readTree(body)).orElse(MissingNode.getInstance());
        } catch (JacksonException e) {
            return MissingNode.getInstance();
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
        threads.shutdownNow();
    }
}
