package dev.runtimeagent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.runtimeagent.config.AgentSettings;
import dev.runtimeagent.ssh.Login;
import dev.runtimeagent.ssh.SshServer;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;

/**
 * An agent in this process on a free port, over an SSH server that only says it runs, and a client
 * of its HTTP API.
 */
public final class RunningAgent implements AutoCloseable {
    private final Agent agent;
    private final HttpClient client = HttpClient.newHttpClient();

    public RunningAgent(FakeBridge bridge, Path folder) {
        this(bridge.environment(folder));
    }

    public RunningAgent(Map<String, String> environment) {
        agent = new Agent(AgentSettings.from(environment), settings -> new SilentSshServer());
        agent.start();
    }

    public int port() {
        return agent.port();
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + agent.port() + path));
    }

    public HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    /** {@code POST} of JSON with further headers, name and value in turn. */
    public HttpResponse<String> post(String path, String body, String... headers)
            throws IOException, InterruptedException {
        var request =
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    /** {@code POST /init} with a proof. */
    public HttpResponse<String> init(String proof, String apiKey)
            throws IOException, InterruptedException {
        return post("/init", "{\"api_key\": \"" + apiKey + "\"}", "X-Bridge-Proof", proof);
    }

    public static JsonNode json(HttpResponse<String> response) throws IOException {
        return new ObjectMapper().readTree(response.body());
    }

    @Override
    public void close() {
        agent.close();
        client.shutdownNow();
    }

    static final class SilentSshServer implements SshServer {
        @Override
        public void start(Login login) {}

        @Override
        public int port() {
            return 2222;
        }

        @Override
        public String hostKey() {
            return "ssh-ed25519 AAAA";
        }

        @Override
        public void close() {}
    }
}
