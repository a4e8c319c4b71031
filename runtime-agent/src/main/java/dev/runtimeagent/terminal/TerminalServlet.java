package dev.runtimeagent.terminal;

import dev.runtimeagent.config.AllowedOrigins;

import io.socket.engineio.server.EngineIoServer;
import io.socket.engineio.server.utils.ParseQS;

import jakarta.servlet.Servlet;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.eclipse.jetty.ee10.websocket.server.JettyServerUpgradeRequest;
import org.eclipse.jetty.ee10.websocket.server.JettyServerUpgradeResponse;
import org.eclipse.jetty.ee10.websocket.server.JettyWebSocketServerContainer;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * The door of {@code /socket.io/}: origins, sizes and protocol version, for both transports. Not an
 * {@code HttpServlet}, which looks for translations in every jar.
 */
final class TerminalServlet implements Servlet {
    private static final String PROTOCOL = "4";

    private final EngineIoServer engine;
    private final AllowedOrigins origins;
    private final ToIntFunction<String> bodyLimit;
    private final Links links;
    private @Nullable ServletConfig config;

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
    public void init(ServletConfig given) {
        config = given;
    }

    @Override
    public @Nullable ServletConfig getServletConfig() {
        return config;
    }

    @Override
    public String getServletInfo() {
        return "the terminal";
    }

    @Override
    public void destroy() {}

    @Override
    public void service(ServletRequest request, ServletResponse response) throws IOException {
        serve((HttpServletRequest) request, (HttpServletResponse) response);
    }

    private void serve(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
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
            upgrade(request, response);
        } else {
            poll(request, response, query.getOrDefault("sid", ""));
        }
    }

    private void upgrade(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        var sockets = JettyWebSocketServerContainer.getContainer(request.getServletContext());
        if (!sockets.upgrade(this::link, request, response) && !response.isCommitted()) {
            refuse(response, 400, "this is no WebSocket handshake");
        }
    }

    private WebSocketLink link(
            JettyServerUpgradeRequest request, JettyServerUpgradeResponse response) {
        response.setExtensions(List.of()); // compressing costs more than a loopback
        return links.open(ParseQS.decode(request.getQueryString()), request.getHeaders());
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
