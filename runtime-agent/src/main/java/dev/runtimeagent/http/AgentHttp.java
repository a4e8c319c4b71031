package dev.runtimeagent.http;

import dev.runtimeagent.config.AgentSettings;
import dev.runtimeagent.config.AllowedOrigins;

import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.http.pathmap.ServletPathSpec;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.CrossOriginHandler;
import org.eclipse.jetty.server.handler.PathMappingsHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The agent's HTTP server on Jetty: the routes, the terminal beside them, and their limits. */
public final class AgentHttp implements AutoCloseable {
    private static final String TERMINAL = "/socket.io/*";
    private static final int HEADER_LIMIT_BYTES = 16 * 1024;
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final int CONNECTIONS = 512;

    /** For connections; requests run on virtual threads. */
    private static final int THREADS = 8;

    /**
     * Wait for their turn to watch the connections, so that the thread that finds a message takes
     * it itself: handing each keystroke to another thread costs a fifth of its way.
     */
    private static final int RESERVED = 2;

    /** The bridge's first requests; it has not signed this one. */
    private static final List<String> REHEARSAL =
            List.of(
                    "GET /ping HTTP/1.1\r\nHost: agent\r\n\r\n",
                    """
                    POST /init HTTP/1.1\r
                    Host: agent\r
                    Connection: close\r
                    Content-Type: application/json\r
                    Content-Length: 17\r
                    X-Bridge-Proof: none\r
                    \r
                    {"api_key": "no"}\
                    """);

    private final ListeningPort port;
    private final Server server;
    private final ServerConnector connector;

    /**
     * Sets up, without answering yet.
     *
     * @param port where it will answer; closed with the server
     * @param routes what is answered
     * @param terminal adds the terminal's servlet
     * @param before what looks at each connection first, and hands on what is HTTP for us
     */
    public AgentHttp(
            AgentSettings settings,
            ListeningPort port,
            Routes routes,
            Consumer<ServletContextHandler> terminal,
            UnaryOperator<ConnectionFactory> before) {
        this.port = port;
        this.server = new Server(threads());
        var http = new HttpConnectionFactory(limits());
        // What was read of a connection before it is handed on has to fit.
        http.setInputBufferSize(HEADER_LIMIT_BYTES);
        this.connector = new ServerConnector(server, 1, 1, before.apply(http));
        connector.setIdleTimeout(IDLE.toMillis());
        server.addBean(new NetworkConnectionLimit(CONNECTIONS, server));
        server.setErrorHandler(new ProblemErrorHandler());
        var servlets = new ServletContextHandler();
        servlets.getServletHandler().setEnsureDefaultServlet(false);
        terminal.accept(servlets);
        var paths = new PathMappingsHandler();
        paths.addMapping(new ServletPathSpec(TERMINAL), servlets);
        paths.addMapping(
                new ServletPathSpec("/"),
                shared(settings.allowedOrigins(), new RouteHandler(routes)));
        server.setHandler(paths);
    }

    private static QueuedThreadPool threads() {
        // not Jetty's own queue, which asks all of JMX for the width of the processor's cache lines
        var queue = new LinkedBlockingQueue<Runnable>();
        var threads = new QueuedThreadPool(THREADS, 1, (int) IDLE.toMillis(), queue);
        threads.setName("http");
        threads.setReservedThreads(RESERVED);
        threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        return threads;
    }

    private static HttpConfiguration limits() {
        var http = new HttpConfiguration();
        http.setRequestHeaderSize(HEADER_LIMIT_BYTES);
        http.setIdleTimeout(IDLE.toMillis());
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        return http;
    }

    /** With what browsers need to call the routes from pages of the allowed origins. */
    private static Handler shared(AllowedOrigins origins, Handler routes) {
        if (origins.origins().isEmpty()) {
            return routes;
        }
        var shared = new CrossOriginHandler();
        shared.setAllowedOriginPatterns(
                origins.origins().stream().map(Pattern::quote).collect(Collectors.toSet()));
        shared.setAllowedHeaders(Set.of("Authorization", "Content-Type"));
        shared.setAllowedMethods(Set.of("GET", "POST"));
        shared.setAllowCredentials(false);
        shared.setHandler(routes);
        return shared;
    }

    /**
     * From here on a ping is answered. Before that the server answers requests of its own, because
     * the first ones of a JVM take many times as long as the next, and somebody waits for these.
     */
    public void start() {
        try {
            var within = new LocalConnector(server, new HttpConnectionFactory(limits()));
            server.addConnector(within);
            server.start();
            for (var request : REHEARSAL) {
                within.getResponse(request);
            }
            connector.open(port.channel());
            server.addConnector(connector);
            connector.start();
            within.stop();
            server.removeConnector(within);
        } catch (Exception e) { // Jetty declares no less
            throw new IllegalStateException("the HTTP server could not be started", e);
        }
    }

    @Override
    public void close() {
        try (port) {
            server.stop();
        } catch (Exception e) { // Jetty declares no less
            throw new IllegalStateException("the HTTP server could not be stopped", e);
        }
    }
}
