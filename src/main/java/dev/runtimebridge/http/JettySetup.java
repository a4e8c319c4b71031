package dev.runtimebridge.http;

import io.javalin.config.JavalinConfig;

import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.CustomRequestLog;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.LowResourceMonitor;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.Slf4jRequestLogWriter;
import org.eclipse.jetty.server.handler.CrossOriginHandler;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Jetty as this server wants it: strict, bounded, a few platform threads and many virtual ones. */
final class JettySetup {
    private static final int MOST_HEADER_BYTES = 16 * 1024;
    private static final int MOST_WAITING_TO_BE_ACCEPTED = 4096;

    /** Buffers kept of one size. Without a bound those of the most connections ever stay. */
    private static final int MOST_IDLE_BUFFERS = 256;

    /** How long a connection without a request is kept when the server stops. */
    private static final Duration LINGER = Duration.ofMillis(100);

    private static final String EVERYWHERE = "0.0.0.0";

    /** Method, path without query, status, bytes, microseconds, request id, peer. */
    private static final String ACCESS_LOG = "%m %U %s %O %{us}T %{X-Request-Id}o %{remote}a";

    private final ApiSettings settings;
    private final WireJson json;
    private final Optional<GatewayParts> gateway;
    private final ByteBufferPool buffers = new ArrayByteBufferPool(-1, -1, -1, MOST_IDLE_BUFFERS);

    JettySetup(ApiSettings settings, WireJson json, Optional<GatewayParts> gateway) {
        this.gateway = gateway;
        this.settings = settings;
        this.json = json;
    }

    void install(JavalinConfig config, String host, int port, Optional<String> door) {
        config.jetty.threadPool = threads();
        config.jetty.modifyHttpConfiguration(JettySetup::strict);
        if (!settings.trustedProxies().isEmpty()) {
            var behind = new BehindProxies(settings.trustedProxies());
            config.jetty.modifyHttpConfiguration(http -> http.addCustomizer(behind));
        }
        var first = new AtomicReference<ServerConnector>();
        config.jetty.addConnector(
                (server, http) -> {
                    first.set(connector(server, http, host, port));
                    return first.get();
                });
        if (door.isPresent() && !host.equals(EVERYWHERE)) {
            config.jetty.addConnector(
                    (server, http) -> beside(server, http, door.get(), first::get));
        }
        config.jetty.modifyServer(this::handlers);
        config.jetty.modifyServletContextHandler(
                context -> {
                    context.setErrorHandler(new JettyFaults(json, settings.retryAfter()));
                });
    }

    private static QueuedThreadPool threads() {
        var pool = new QueuedThreadPool(16, 4);
        pool.setName("http");
        pool.setVirtualThreadsExecutor(
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("http-request-", 0).factory()));
        return pool;
    }

    private static void strict(HttpConfiguration http) {
        http.setUriCompliance(UriCompliance.DEFAULT);
        http.setHttpCompliance(HttpCompliance.RFC9110);
        http.setRequestHeaderSize(MOST_HEADER_BYTES);
        // It would keep some 100 KB of table for every connection.
        http.setHeaderCacheSize(0);
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        http.setSendDateHeader(true);
        // Javalin copies each body through a buffer of this size.
        http.setOutputBufferSize(8 * 1024);
    }

    private ServerConnector connector(
            Server server, HttpConfiguration http, String host, int port) {
        var connector =
                new ServerConnector(
                        server, null, null, buffers, 1, 1, new HttpConnectionFactory(http));
        connector.setPort(port);
        return bounded(server, connector, host);
    }

    /** On the port of the first, whichever that came to be. */
    private Connector beside(
            Server server, HttpConfiguration http, String host, Supplier<ServerConnector> first) {
        var connector =
                new ServerConnector(
                        server, null, null, buffers, 1, 1, new HttpConnectionFactory(http)) {
                    @Override
                    public void open() throws IOException {
                        setPort(first.get().getLocalPort());
                        super.open();
                    }
                };
        return bounded(server, connector, host);
    }

    private ServerConnector bounded(Server server, ServerConnector connector, String host) {
        connector.setHost(host);
        connector.setIdleTimeout(settings.idle().toMillis());
        connector.setShutdownIdleTimeout(LINGER.toMillis());
        connector.setAcceptQueueSize(MOST_WAITING_TO_BE_ACCEPTED);
        connector.setAccepting(false);
        server.addBean(new NetworkConnectionLimit(settings.mostConnections(), connector));
        return connector;
    }

    private void handlers(Server server) {
        // It shortens idle timeouts when threads run short, which virtual ones do not.
        server.getBeans(LowResourceMonitor.class).forEach(server::removeBean);
        var api = wrap(new RequestIds(), crossOrigin());
        server.setHandler(
                new GracefulHandler(
                        gateway.map(parts -> wrap(new GatewayDoor(parts), api)).orElse(api)));
        server.setErrorHandler(new JettyFaults(json, settings.retryAfter()));
        server.setStopTimeout(settings.drain().toMillis());
        var lines = new Slf4jRequestLogWriter();
        lines.setLoggerName("dev.runtimebridge.http.access");
        var log = new CustomRequestLog(lines, ACCESS_LOG);
        // Once a second for each that is in use: it would drown the rest.
        log.setFilter((request, response) -> !GatewayDoor.isFor(request));
        server.setRequestLog(log);
    }

    private static Handler wrap(Handler.Wrapper outer, Handler inner) {
        outer.setHandler(inner);
        return outer;
    }

    private CrossOriginHandler crossOrigin() {
        var cors = new CrossOriginHandler();
        cors.setAllowedOriginPatterns(patterns(settings.allowedOrigins()));
        cors.setAllowedMethods(Set.of("GET", "HEAD", "POST", "PATCH", "DELETE"));
        cors.setAllowedHeaders(
                Set.of(
                        "Authorization",
                        "Content-Type",
                        "Prefer",
                        "If-Match",
                        "Last-Event-ID",
                        RequestIds.HEADER));
        cors.setExposedHeaders(
                Set.of("Location", "Retry-After", "Preference-Applied", "ETag", RequestIds.HEADER));
        cors.setPreflightMaxAge(Duration.ofMinutes(10));
        cors.setDeliverPreflightRequests(false);
        return cors;
    }

    /** The handler wants regular expressions; origins are compared as they are. */
    private static Set<String> patterns(List<String> origins) {
        return origins.stream()
                .map(origin -> origin.equals("*") ? origin : Pattern.quote(origin))
                .collect(Collectors.toSet());
    }
}
