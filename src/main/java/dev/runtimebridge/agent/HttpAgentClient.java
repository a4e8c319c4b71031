package dev.runtimebridge.agent;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.secret.BridgeProof;
import dev.runtimebridge.secret.Secret;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Speaks to agents over HTTP. Neither a slow answer nor a large one costs more than its limit, and
 * no redirect is followed.
 */
public final class HttpAgentClient implements AgentClient, AutoCloseable {
    private static final int LARGEST_ANSWER_BYTES = 64 * 1024;
    private static final int USUAL_SSH_PORT = 22;
    private static final int HIGHEST_PORT = 65_535;
    private static final int LONGEST_NAME = 64;
    private static final int LONGEST_TYPE = 32;
    private static final int LONGEST_SECRET = 1_000;
    private static final int LONGEST_HOST_KEY = 4_000;
    private static final int BAD_REQUEST = 400;
    private static final int SERVER_ERROR = 500;

    private final JsonMapper json = new JsonMapper();
    private final BridgeProof proof;
    private final Duration pingLimit;
    private final Duration initLimit;
    private final boolean named;
    private final HttpClient http;

    /**
     * A client with a time limit per call, from the first byte sent to the last one read.
     *
     * @param named whether every agent says which container's it is, as ours do: then one that does
     *     not is somebody else who took its address
     */
    public HttpAgentClient(
            BridgeProof proof, Duration pingLimit, Duration initLimit, boolean named) {
        this.proof = proof;
        this.pingLimit = pingLimit;
        this.initLimit = initLimit;
        this.named = named;
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(pingLimit)
                        .executor(Executors.newVirtualThreadPerTaskExecutor())
                        .build();
    }

    @Override
    public void expect(ContainerRef ref) {
        var _ = proof.forContainer(ref.value());
    }

    @Override
    public void ping(ContainerRef ref, Address address) {
        var request = HttpRequest.newBuilder(uri(address, "/ping")).GET().build();
        var answer = call(address, request, pingLimit);
        if (answer.status() != 200 || !"pong".equals(answer.body().path("ping").asText())) {
            throw new AgentException(
                    "the agent at " + address + " answered ping with " + answer.status(), true);
        }
        var name = answer.body().path("container").asText("");
        if (name.isEmpty() ? named : !name.equals(ref.value())) {
            throw new AgentException(
                    "the agent at " + address + " is another container's, not " + ref + "'s", true);
        }
    }

    @Override
    public Credentials init(ContainerRef ref, Address address, Secret apiKey) {
        var body = json.createObjectNode().put("api_key", apiKey.reveal()).toString();
        var request =
                HttpRequest.newBuilder(uri(address, "/init"))
                        .header("Content-Type", "application/json")
                        .header(BridgeProof.HEADER, proof.forContainer(ref.value()).reveal())
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        var answer = call(address, request, initLimit);
        if (answer.status() != 200) {
            boolean mayHelp = answer.status() >= SERVER_ERROR;
            throw new AgentException(
                    answer.status() == BAD_REQUEST
                            ? "the agent at "
                                    + address
                                    + " was initialised before, by somebody else"
                            : "the agent at " + address + " refused init with " + answer.status(),
                    mayHelp);
        }
        return credentials(address, answer.body());
    }

    private static Credentials credentials(Address address, JsonNode body) {
        var user = body.path("username").asText("");
        var auth = body.path("auth").asText("");
        var type = body.path("auth_type").asText("");
        var hostKey = body.path("host_key").asText("");
        int port = body.path("ssh_port").asInt(USUAL_SSH_PORT);
        if (!fits(user, LONGEST_NAME) || !fits(auth, LONGEST_SECRET) || !fits(type, LONGEST_TYPE)) {
            throw new AgentException(
                    "the agent at " + address + " answered init without credentials", false);
        }
        if (hostKey.length() > LONGEST_HOST_KEY || port < 1 || port > HIGHEST_PORT) {
            throw new AgentException(
                    "the agent at " + address + " answered init with an odd port or host key",
                    false);
        }
        return new Credentials(user, type, new Secret(auth), port, hostKey);
    }

    private static boolean fits(String text, int longest) {
        return !text.isEmpty() && text.length() <= longest;
    }

    private record Answer(int status, JsonNode body) {}

    private Answer call(Address address, HttpRequest request, Duration limit) {
        var handler = BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_ANSWER_BYTES);
        CompletableFuture<HttpResponse<byte[]>> pending = http.sendAsync(request, handler);
        try {
            var response = pending.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return new Answer(response.statusCode(), parse(response.body()));
        } catch (TimeoutException e) {
            throw new AgentException(
                    "the agent at "
                            + address
                            + " did not answer "
                            + request.uri().getPath()
                            + " within "
                            + limit.toMillis()
                            + " ms",
                    true);
        } catch (ExecutionException e) {
            throw new AgentException(
                    "the agent at "
                            + address
                            + " does not answer "
                            + request.uri().getPath()
                            + ": "
                            + reason(e),
                    true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AgentException("interrupted while asking the agent at " + address, true);
        } finally {
            pending.cancel(true);
        }
    }

    private JsonNode parse(byte[] body) {
        try {
            var tree = json.readTree(body);
            return tree == null ? MissingNode.getInstance() : tree;
        } catch (JacksonException e) {
            return MissingNode.getInstance();
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory cannot fail", e);
        }
    }

    private static String reason(ExecutionException failure) {
        var cause = failure.getCause();
        if (cause == null || cause.getMessage() == null) {
            return cause == null ? "no reason given" : cause.getClass().getSimpleName();
        }
        return cause.getMessage();
    }

    private static URI uri(Address address, String path) {
        return URI.create("http://" + address + path);
    }

    /** Makes a first signature, which takes a fresh JVM far longer than any later one. */
    public void warmUp() {
        proof.forContainer("warm-up");
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
