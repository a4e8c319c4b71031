package dev.runtimeagent.bridge;

import dev.runtimeagent.config.AgentSettings;
import dev.runtimeagent.json.StrictJson;
import dev.runtimeagent.outbound.BoundedHttp;
import dev.runtimeagent.secret.Secret;

import org.json.JSONObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The bridge over its HTTP API, as {@code docs/agent.md} has it. */
public final class HttpBridge implements Bridge, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HttpBridge.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long ANSWER_LIMIT_BYTES = 64 * 1024;
    private static final int READY_TRIES = 3;
    private static final int SSH_PORT = 22;
    private static final int UNAUTHENTICATED = 401;
    private static final int TOO_MANY = 429;
    private static final Duration READY_PAUSE = Duration.ofMillis(250);
    private static final String NOT_INITIALISED =
            "this container has not been initialised by its bridge yet";

    private final URI url;
    private final String container;
    private final Supplier<Optional<Secret>> apiKey;
    private final BoundedHttp http;
    private volatile boolean keyAccepted;

    /**
     * Connects to nothing yet.
     *
     * @param apiKey the key that init brought, empty before
     */
    public HttpBridge(AgentSettings settings, Supplier<Optional<Secret>> apiKey, BoundedHttp http) {
        this.url = settings.bridgeUrl();
        this.container = settings.container();
        this.apiKey = apiKey;
        this.http = http;
    }

    @Override
    public SshAccess info() {
        var key = apiKey.get();
        if (key.isEmpty()) {
            return new SshAccess.Unavailable(NOT_INITIALISED);
        }
        try {
            var answer = send(request("info").header("X-API-KEY", key.get().reveal()).GET());
            return switch (answer.statusCode()) {
                case 200 -> granted(answer);
                case 401, 403, 404 ->
                        new SshAccess.Refused("the bridge does not know this container any more");
                default -> new SshAccess.Unavailable("the bridge answered " + answer.statusCode());
            };
        } catch (IOException e) {
            return new SshAccess.Unavailable("the bridge cannot be asked: " + e.getMessage());
        }
    }

    private SshAccess granted(HttpResponse<byte[]> answer) throws IOException {
        keyAccepted = true;
        var body = StrictJson.object(answer.body());
        try {
            return new SshAccess.Granted(
                    body.optString("cont_ip"),
                    body.optInt("ssh_port", SSH_PORT),
                    body.optString("cont_user"),
                    new Secret(body.optString("cont_auth")),
                    body.optString("host_key"));
        } catch (IllegalArgumentException e) {
            return new SshAccess.Unavailable(
                    "the bridge's answer cannot be used: " + e.getMessage());
        }
    }

    @Override
    public Authorization authorize(String token) {
        var key = apiKey.get();
        if (key.isEmpty()) {
            return new Authorization.Unavailable(NOT_INITIALISED);
        }
        try {
            var answer =
                    send(
                            request("authorize")
                                    .header("X-API-KEY", key.get().reveal())
                                    .POST(body("token", token)));
            return switch (answer.statusCode()) {
                case 200 -> bearer(StrictJson.object(answer.body()));
                case 400, 401, 403, 404 ->
                        new Authorization.Refused("the bridge does not accept this token");
                default ->
                        new Authorization.Unavailable("the bridge answered " + answer.statusCode());
            };
        } catch (IOException e) {
            return new Authorization.Unavailable("the bridge cannot be asked: " + e.getMessage());
        }
    }

    private Authorization bearer(JSONObject answer) {
        keyAccepted = true;
        var user = answer.optString("user");
        return answer.optBoolean("owner", false)
                ? new Authorization.Owner(user)
                : new Authorization.Stranger(user);
    }

    /**
     * Tells the bridge that the container ran into a limit.
     *
     * @param times since it was told last
     * @return whether it was heard, or is a bridge that knows no such call; otherwise it is worth
     *     telling again
     */
    public boolean reached(Limit limit, long times) {
        var key = apiKey.get();
        if (key.isEmpty()) {
            return false;
        }
        var body =
                new JSONObject()
                        .put("limit", limit.name().toLowerCase(Locale.ROOT))
                        .put("times", times);
        try {
            var request = request("limits").header("X-API-KEY", key.get().reveal());
            var status = send(request.POST(BodyPublishers.ofString(body.toString()))).statusCode();
            return status < 500 && status != UNAUTHENTICATED && status != TOO_MANY;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public Optional<Set<String>> validShares() {
        var key = apiKey.get();
        if (key.isEmpty()) {
            return Optional.empty();
        }
        try {
            var answer = send(request("shares").header("X-API-KEY", key.get().reveal()).GET());
            return switch (answer.statusCode()) {
                case 200 -> Optional.of(named(StrictJson.object(answer.body())));
                case 401, 403, 404 -> Optional.of(Set.of());
                default -> Optional.empty();
            };
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Set<String> named(JSONObject answer) throws IOException {
        var shares = answer.optJSONArray("shares");
        if (shares == null) {
            throw new IOException("the answer names no shares");
        }
        var names = new HashSet<String>();
        for (int i = 0; i < shares.length(); i++) {
            names.add(shares.optString(i));
        }
        return names;
    }

    @Override
    public void ready() {
        Thread.ofVirtual().name("ready").start(this::callHome);
    }

    private void callHome() {
        var pause = READY_PAUSE;
        for (int attempt = 1; ; attempt++) {
            var fault = tryReady();
            if (fault.isEmpty()) {
                return;
            }
            if (attempt == READY_TRIES) {
                log.warn(
                        "could not tell {} that this container is ready, it will poll: {}",
                        url,
                        fault.get());
                return;
            }
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            pause = pause.multipliedBy(4);
        }
    }

    /** What went wrong in a way that trying again can help; a refusal is an answer. */
    private Optional<String> tryReady() {
        try {
            var status = send(request("ready").POST(body("container", container))).statusCode();
            return status < 500 ? Optional.empty() : Optional.of("it answered " + status);
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public boolean keyAccepted() {
        return keyAccepted;
    }

    private HttpRequest.Builder request(String call) {
        return HttpRequest.newBuilder(url.resolve("/api/containers/" + call))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json");
    }

    private static HttpRequest.BodyPublisher body(String field, String value) {
        return BodyPublishers.ofString(new JSONObject().put(field, value).toString());
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException {
        return http.send(request.build(), PATIENCE, ANSWER_LIMIT_BYTES);
    }

    @Override
    public void close() {
        http.close();
    }
}
