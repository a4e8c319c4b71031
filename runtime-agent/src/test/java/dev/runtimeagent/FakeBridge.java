package dev.runtimeagent;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A bridge over real HTTP on a free loopback port: knows one container and its API key, answers
 * {@code ready}, {@code limits}, {@code info} and {@code authorize} as docs/agent.md has it, and
 * remembers every call. {@link #answer} makes it misbehave.
 */
public final class FakeBridge implements AutoCloseable {
    public static final String CONTAINER = "container-1";
    public static final String API_KEY = "key-of-container-1";

    /** One call that arrived. */
    public record Call(String path, InetAddress from, Map<String, String> headers, String body) {}

    /** How to answer a path instead of the usual way. */
    public interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    /** Made once: it takes a while. */
    private static final KeyPair KEYS = newKeys();

    private final ObjectMapper json = new ObjectMapper();
    private final HttpServer server;
    private final Map<String, Map<String, Object>> tokens = new ConcurrentHashMap<>();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
    private volatile Map<String, Object> info = Map.of();

    public FakeBridge() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    /** An RSA key pair as bridges have it. */
    public static KeyPair newKeys() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    public RSAPublicKey publicKey() {
        return (RSAPublicKey) KEYS.getPublic();
    }

    public RSAPrivateKey privateKey() {
        return (RSAPrivateKey) KEYS.getPrivate();
    }

    /** {@code AGENT_BRIDGE_KEY} of this bridge. */
    public static String bridgeKey() {
        return Base64.getEncoder().encodeToString(KEYS.getPublic().getEncoded());
    }

    /**
     * The environment of an agent of this bridge, everything in {@code folder}, on free loopback
     * ports.
     */
    public Map<String, String> environment(Path folder) {
        var environment = new HashMap<String, String>();
        environment.put("AGENT_CONTAINER", CONTAINER);
        environment.put("AGENT_BRIDGE_KEY", bridgeKey());
        environment.put("AGENT_BRIDGE_URL", url().toString());
        environment.put("AGENT_ADDRESS", "127.0.0.1");
        environment.put("AGENT_PORT", "0");
        environment.put("AGENT_SSH_PORT", "0");
        environment.put("AGENT_HOME", folder.resolve("home").toString());
        environment.put("AGENT_STATE", folder.resolve("state").toString());
        environment.put("ALLOWED_ORIGINS", "https://ide.example.org");
        return environment;
    }

    /** What lets a caller of the gateway reach a port of {@link #CONTAINER}. */
    public String assertion(int port) {
        return JWT.create()
                .withIssuer("runtime-bridge-gateway")
                .withAudience(CONTAINER)
                .withSubject("7")
                .withClaim("port", port)
                .withExpiresAt(Instant.now().plusSeconds(60))
                .sign(Algorithm.RSA256(publicKey(), privateKey()));
    }

    /** A fresh proof for {@link #CONTAINER}. */
    public String proof() {
        var now = Instant.now();
        return JWT.create()
                .withIssuer("runtime-bridge")
                .withAudience(CONTAINER)
                .withIssuedAt(now)
                .withExpiresAt(now.plusSeconds(60))
                .sign(Algorithm.RSA256(publicKey(), privateKey()));
    }

    /** Lets {@code token} verify as {@code user}. */
    public void know(String token, String user, boolean owner) {
        tokens.put(token, Map.of("user", user, "owner", owner));
    }

    /** What {@code info} answers: where and how to log in. */
    public void credentials(
            String host, int sshPort, String user, String password, String hostKey) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("cont_ip", host);
        fields.put("cont_port", 8000);
        fields.put("cont_user", user);
        fields.put("cont_auth_type", "password");
        fields.put("cont_auth", password);
        fields.put("ssh_port", sshPort);
        fields.put("host_key", hostKey);
        info = fields;
    }

    /** Answers {@code path} (or anything below it) in another way from now on. */
    public void answer(String path, Answer answer) {
        answers.put(path, answer);
    }

    /** Answers {@code path} with a status and a body from now on. */
    public void answer(String path, int status, String body) {
        answer(path, exchange -> respond(exchange, status, body));
    }

    /** The next call that has not been taken yet; fails after ten seconds. */
    public Call nextCall() throws InterruptedException {
        var call = calls.poll(10, TimeUnit.SECONDS);
        if (call == null) {
            throw new AssertionError("no call within 10 s");
        }
        return call;
    }

    /** The calls that arrived and were not taken. */
    public int waitingCalls() {
        return calls.size();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath();
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
            exchange.getRequestHeaders()
                    .forEach((name, values) -> headers.put(name, values.getFirst()));
            calls.add(new Call(path, exchange.getRemoteAddress().getAddress(), headers, body));
            for (var answer : answers.entrySet()) {
                if (path.startsWith(answer.getKey())) {
                    answer.getValue().to(exchange);
                    return;
                }
            }
            usual(exchange, path, headers.get("X-API-KEY"), body);
        }
    }

    private void usual(HttpExchange exchange, String path, String key, String body)
            throws IOException {
        switch (path) {
            case "/api/containers/ready", "/api/containers/limits" -> respond(exchange, 202, "{}");
            case "/api/containers/info" -> {
                if (!API_KEY.equals(key) || info.isEmpty()) {
                    respond(exchange, 404, "{\"error\": \"unknown\"}");
                } else {
                    respond(exchange, 200, json.writeValueAsString(info));
                }
            }
            case "/api/containers/authorize" -> {
                var bearer = tokens.get(json.readTree(body).path("token").asText());
                if (!API_KEY.equals(key) || bearer == null) {
                    respond(exchange, 401, "{\"error\": \"refused\"}");
                } else {
                    respond(exchange, 200, json.writeValueAsString(bearer));
                }
            }
            default -> respond(exchange, 404, "{\"error\": \"no such route\"}");
        }
    }

    private static void respond(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
