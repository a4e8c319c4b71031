package dev.runtimebridge.emulator.stub;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Answers for the agent whose address was called, as {@code docs/agent.md} says. */
final class AgentHandler extends Handler.Abstract {
    private static final String PROOF = "X-Bridge-Proof";
    private static final String ROUTE_PING = "GET /ping";
    private static final String ROUTE_INIT = "POST /init";

    private final Function<String, Optional<Agent>> agents;
    private final Consumer<String> initialised;
    private final JsonMapper json = new JsonMapper();

    /**
     * @param agents by their address
     * @param initialised told the ARN of each that was, before it answers
     */
    AgentHandler(Function<String, Optional<Agent>> agents, Consumer<String> initialised) {
        this.agents = agents;
        this.initialised = initialised;
    }

    private record Reply(int status, ObjectNode body) {}

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        var agent = agents.apply(Request.getLocalAddr(request));
        var route = request.getMethod() + " " + Request.getPathInContext(request);
        var reply =
                agent.isEmpty()
                        ? error(404, "no agent answers at this address")
                        : switch (route) {
                            case ROUTE_PING -> ping(agent.get());
                            case ROUTE_INIT ->
                                    init(
                                            agent.get(),
                                            request.getHeaders().get(PROOF),
                                            Content.Source.asString(
                                                    request, StandardCharsets.UTF_8));
                            default -> error(404, "a stub agent has only ping and init");
                        };
        response.setStatus(reply.status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        // Thousands of idle connections would cost more than thousands of short ones.
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        response.write(true, ByteBuffer.wrap(json.writeValueAsBytes(reply.body)), callback);
        return true;
    }

    private static Reply ping(Agent agent) {
        return new Reply(
                200,
                object().put("ping", "pong")
                        .put("init", agent.initialised())
                        .put("key_status", false)
                        .put("container", agent.arn()));
    }

    private Reply init(Agent agent, @Nullable String proof, String body) {
        if (proof == null || !audience(proof).equals(agent.arn())) {
            return error(401, PROOF + " is missing or names another container");
        }
        String key;
        try {
            key = json.readTree(body).path("api_key").asText();
        } catch (JacksonException e) {
            return error(400, "not JSON");
        }
        if (key.isEmpty() || !agent.accepts(key)) {
            return error(400, key.isEmpty() ? "api_key is missing" : "already initialised");
        }
        initialised.accept(agent.arn());
        return new Reply(
                200,
                object().put("username", "together")
                        .put("auth_type", "password")
                        .put("auth", "stub " + agent.arn())
                        .put("ssh_port", 2222)
                        .put("host_key", ""));
    }

    /** Whom a proof is for; a stub believes what it says, it has nothing to lose. */
    private String audience(String proof) {
        var parts = proof.split("\\.", -1);
        try {
            JsonNode claims =
                    parts.length == 3
                            ? json.readTree(Base64.getUrlDecoder().decode(parts[1]))
                            : JsonNodeFactory.instance.missingNode();
            return claims.path("aud").asText();
        } catch (IOException | IllegalArgumentException e) {
            return "";
        }
    }

    private static Reply error(int status, String why) {
        return new Reply(status, object().put("error", why));
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
