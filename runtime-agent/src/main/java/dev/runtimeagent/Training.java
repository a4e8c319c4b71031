package dev.runtimeagent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.runtimeagent.config.AgentSettings;
import dev.runtimeagent.config.InvalidSettings;

import org.json.JSONObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lives through what an agent lives through, once, so that a JVM that watches can write an AOT
 * cache of it; {@code bin/train-agent} starts this. The bridge is a small one in this process.
 */
final class Training {
    private static final Logger LOG = LoggerFactory.getLogger(Training.class);
    private static final String CONTAINER = "training";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path folder;
    private final KeyPair keys;
    private final CountDownLatch ready = new CountDownLatch(1);

    private volatile String login = "{}";

    private Training(Path folder, KeyPair keys) {
        this.folder = folder;
        this.keys = keys;
    }

    /**
     * Takes one argument, an empty folder to live in.
     *
     * @throws Exception when the agent does not do what it should; then there is nothing worth
     *     caching
     */
    public static void main(String[] arguments) throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        readSettings();
        new Training(Path.of(arguments[0]).toAbsolutePath(), generator.generateKeyPair()).run();
    }

    /** As an agent does it; that this process has none is no matter. */
    private static void readSettings() {
        try {
            AgentSettings.fromEnvironment();
        } catch (InvalidSettings e) {
            LOG.debug("{} faults, as was to be expected", e.faults().size());
        }
    }

    private void run() throws IOException, InterruptedException, GeneralSecurityException {
        var bridge =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        bridge.createContext("/", this::answer);
        bridge.start();
        try (var agent = Main.start(settings(bridge.getAddress().getPort()));
                var client = HttpClient.newHttpClient()) {
            call(client, HttpRequest.newBuilder(at(agent, "/ping")), 200);
            call(client, HttpRequest.newBuilder(at(agent, "/nowhere")), 404);
            for (int i = 0; i < 2; i++) {
                var credentials = call(client, init(agent), 200);
                login = credentials.body();
            }
            if (!ready.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("the agent did not call home");
            }
            TrainingTerminal.run(
                    client, at(agent, "/"), "token", "echo $((6*7))x", "42x", PATIENCE);
        } finally {
            bridge.stop(0);
        }
    }

    private AgentSettings settings(int bridgePort) {
        var variables = new HashMap<String, String>();
        variables.put("AGENT_CONTAINER", CONTAINER);
        variables.put(
                "AGENT_BRIDGE_KEY",
                Base64.getEncoder().encodeToString(keys.getPublic().getEncoded()));
        variables.put("AGENT_BRIDGE_URL", "http://127.0.0.1:" + bridgePort);
        variables.put("AGENT_ADDRESS", "127.0.0.1");
        variables.put("AGENT_PORT", "0");
        variables.put("AGENT_SSH_PORT", "0");
        variables.put("AGENT_HOME", folder.resolve("home").toString());
        variables.put("AGENT_STATE", folder.resolve("state").toString());
        return AgentSettings.inImage(variables);
    }

    private HttpRequest.Builder init(Agent agent) throws GeneralSecurityException {
        return HttpRequest.newBuilder(at(agent, "/init"))
                .header("Content-Type", "application/json")
                .header("X-Bridge-Proof", proof())
                .POST(BodyPublishers.ofString("{\"api_key\": \"training\"}"));
    }

    private static URI at(Agent agent, String path) {
        return URI.create("http://127.0.0.1:" + agent.port() + path);
    }

    private String proof() throws GeneralSecurityException {
        var base64 = Base64.getUrlEncoder().withoutPadding();
        var claims =
                new JSONObject()
                        .put("iss", "runtime-bridge")
                        .put("aud", CONTAINER)
                        .put("exp", Instant.now().plusSeconds(30).getEpochSecond());
        var content =
                Stream.of("{\"alg\":\"RS256\"}", claims.toString())
                        .map(part -> base64.encodeToString(part.getBytes(StandardCharsets.UTF_8)))
                        .collect(Collectors.joining("."));
        var signer = Signature.getInstance("SHA256withRSA");
        signer.initSign(keys.getPrivate());
        signer.update(content.getBytes(StandardCharsets.UTF_8));
        return content + "." + base64.encodeToString(signer.sign());
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            var path = exchange.getRequestURI().getPath();
            var body =
                    answer(path.substring(path.lastIndexOf('/') + 1))
                            .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** What the bridge answers to a call, with the login that init brought. */
    private String answer(String call) {
        return switch (call) {
            case "ready" -> {
                ready.countDown();
                yield "{}";
            }
            case "authorize" -> "{\"user\": \"7\", \"owner\": true}";
            default -> {
                var init = new JSONObject(login);
                yield new JSONObject()
                        .put("cont_ip", "127.0.0.1")
                        .put("cont_user", init.getString("username"))
                        .put("cont_auth", init.getString("auth"))
                        .put("ssh_port", init.getInt("ssh_port"))
                        .put("host_key", init.getString("host_key"))
                        .toString();
            }
        };
    }

    private static HttpResponse<String> call(
            HttpClient client, HttpRequest.Builder request, int status)
            throws IOException, InterruptedException {
        var answer = client.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
        if (answer.statusCode() != status) {
            throw new IllegalStateException(
                    answer.uri() + " answered " + answer.statusCode() + ", not " + status);
        }
        return answer;
    }
}
