package dev.runtimeagent.http;

import dev.runtimeagent.config.AgentSettings;
import dev.runtimeagent.config.AllowedOrigins;

import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.http.pathmap.ServletPathSpec;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.CrossOriginHandler;
import org.eclipse.jetty.server.handler.PathMappingsHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
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

    private final AgentSettings settings;
    private final Server server;
    private final ServerConnector connector;

    /**
     * Sets up, without listening yet.
     *
     * @param routes what is answered
     * @param terminal adds the terminal's servlet
     */
    public AgentHttp(
            AgentSettings settings, Routes routes, Consumer<ServletContextHandler> terminal) {
        this.settings = settings;
        this.server = new Server(threads());
        this.connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(limits()));
        connector.setHost(settings.address().getHostAddress());
        connector.setPort(settings.port());
        connector.setIdleTimeout(IDLE.toMillis());
        server.addConnector(connector);
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
     * Listens; from here on a ping is answered.
     *
     * @throws UncheckedIOException when the port cannot be listened on; the message names address
     *     and port
     */
    public void start() {
        try {
            server.start();
        } catch (IOException e) {
            var where = settings.address().getHostAddress() + ":" + settings.port();
            throw new UncheckedIOException(
                    "cannot listen on " + where + "; is the port in use?", e);
        } catch (Exception e) { // Jetty declares no less
            throw new IllegalStateException("the HTTP server could not be started", e);
        }
    }

    /** The port listened on, once started. */
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) { // Jetty declares no less
            throw new IllegalStateException("the HTTP server could not be stopped", e);
        }
    }
}
