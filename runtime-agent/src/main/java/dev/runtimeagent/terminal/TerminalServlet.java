package dev.runtimeagent.terminal;

import dev.runtimeagent.config.AllowedOrigins;

import io.socket.engineio.server.EngineIoServer;
import io.socket.engineio.server.utils.ParseQS;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.eclipse.jetty.ee10.websocket.server.JettyWebSocketServlet;
import org.eclipse.jetty.ee10.websocket.server.JettyWebSocketServletFactory;
import org.json.JSONObject;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/** The door of {@code /socket.io/}: origins, sizes and protocol version, for both transports. */
final class TerminalServlet extends JettyWebSocketServlet {
    private static final String PROTOCOL = "4";

    private final transient EngineIoServer engine;
    private final transient AllowedOrigins origins;
    private final transient ToIntFunction<String> bodyLimit;
    private final transient Links links;

    /** Makes and remembers links. */
    interface Links {
        WebSocketLink open(Map<String, String> query, Map<String, List<String>> headers);
    }

    /**
     * @param bodyLimit in bytes, by the session's id ({@code ""} for none)
     */
    TerminalServlet(
            EngineIoServer engine,
            AllowedOrigins origins,
            ToIntFunction<String> bodyLimit,
            Links links) {
        this.engine = engine;
        this.origins = origins;
        this.bodyLimit = bodyLimit;
        this.links = links;
    }

    @Override
    protected void configure(JettyWebSocketServletFactory factory) {
        factory.setCreator(
                (request, response) -> {
                    response.setExtensions(List.of()); // compressing costs more than a loopback
                    return links.open(
                            ParseQS.decode(request.getQueryString()), request.getHeaders());
                });
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        var origin = request.getHeader("Origin");
        if (origin != null && !origins.allow(origin)) {
            refuse(
                    response,
                    403,
                    "this origin may not open a terminal; ALLOWED_ORIGINS names those that may");
            return;
        }
        if (origin != null) {
            response.setHeader("Access-Control-Allow-Origin", origin);
            response.setHeader("Access-Control-Allow-Credentials", "true");
            response.addHeader("Vary", "Origin");
        }
        if (request.getMethod().equals("OPTIONS")) {
            response.setHeader("Access-Control-Allow-Methods", "GET, POST");
            response.setHeader("Access-Control-Allow-Headers", "content-type, authorization");
            response.setHeader("Access-Control-Max-Age", "600");
            response.setStatus(204);
            return;
        }
        var query =
                ParseQS.decode(request.getQueryString() == null ? "" : request.getQueryString());
        if (!PROTOCOL.equals(query.get("EIO"))) {
            refuse(response, 400, "EIO must be 4: this is Socket.IO protocol 5");
        } else if ("websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
            super.service(request, response);
        } else {
            poll(request, response, query.getOrDefault("sid", ""));
        }
    }

    private void poll(HttpServletRequest request, HttpServletResponse response, String session)
            throws IOException {
        switch (request.getMethod()) {
            case "GET" -> engine.handleRequest(request, response);
            case "POST" -> {
                try {
                    engine.handleRequest(
                            PollingRequest.read(request, bodyLimit.applyAsInt(session)), response);
                } catch (PollingRequest.TooLarge e) {
                    refuse(response, 413, "the message is too long");
                }
            }
            default -> refuse(response, 405, request.getMethod() + " is not possible here");
        }
    }

    private static void refuse(HttpServletResponse response, int status, String why)
            throws IOException {
        var problem =
                new JSONObject()
                        .put("type", "about:blank")
                        .put("title", org.eclipse.jetty.http.HttpStatus.getMessage(status))
                        .put("status", status)
                        .put("detail", why)
                        .put("error", why);
        response.setStatus(status);
        response.setContentType("application/problem+json");
        response.getOutputStream()
                .write(problem.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
