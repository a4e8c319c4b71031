package dev.runtimeagent.http;

import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.runtimeagent.config.AgentSettings;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.json.JavalinJackson;
import io.javalin.util.JavalinException;

import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.Consumer;

/** The agent's HTTP server: the routes, what holds for all of them, and their errors. */
public final class AgentHttp implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AgentHttp.class);
    private static final int HEADER_LIMIT_BYTES = 16 * 1024;
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final int CONNECTIONS = 512;
    private static final int DRAIN_BYTES = 1024 * 1024;
    private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(2);

    private final AgentSettings settings;

    /**
     * Names by rule, since reading the records' annotations, OpenAPI's among them, would double the
     * start.
     */
    private final ObjectMapper json =
            JsonMapper.builder()
                    .disable(MapperFeature.USE_ANNOTATIONS)
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .build();

    private final Javalin javalin;

    /**
     * Sets up, without listening yet.
     *
     * @param routes what is answered
     * @param servlets adds the terminal's own servlet
     */
    public AgentHttp(
            AgentSettings settings, Routes routes, Consumer<ServletContextHandler> servlets) {
        this.settings = settings;
        this.javalin =
                Javalin.create(
                        config -> {
                            general(config);
                            config.jetty.modifyServletContextHandler(servlets);
                            cors(config);
                            errors(config);
                            routes.all()
                                    .forEach(
                                            route ->
                                                    config.routes.addHttpHandler(
                                                            HandlerType.findOrCreate(
                                                                    route.method()),
                                                            route.path(),
                                                            route.handler()));
                        });
    }

    private void general(JavalinConfig config) {
        config.concurrency.useVirtualThreads = true;
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.prefer405over404 = true;
        config.jsonMapper(new JavalinJackson(json, true));
        config.jetty.host = settings.address().getHostAddress();
        config.jetty.port = settings.port();
        config.jetty.modifyServer(
                server -> {
                    server.setErrorHandler(new ProblemErrorHandler(json));
                    server.addBean(new NetworkConnectionLimit(CONNECTIONS, server));
                });
        config.jetty.modifyHttpConfiguration(AgentHttp::limits);
    }

    private static void limits(HttpConfiguration http) {
        http.setRequestHeaderSize(HEADER_LIMIT_BYTES);
        // It would keep some 100 KB of table for every connection.
        http.setHeaderCacheSize(0);
        http.setIdleTimeout(IDLE.toMillis());
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
    }

    private void cors(JavalinConfig config) {
        var origins = settings.allowedOrigins().origins();
        if (!origins.isEmpty()) {
            config.bundledPlugins.enableCors(
                    cors ->
                            cors.addRule(
                                    rule -> origins.forEach(origin -> rule.allowHost(origin))));
        }
    }

    private void errors(JavalinConfig config) {
        config.routes.exception(ProblemException.class, (e, ctx) -> write(e.problem(), ctx));
        config.routes.exception(
                HttpResponseException.class,
                (e, ctx) -> {
                    var allowed = e.getDetails().get("availableMethods");
                    if (allowed != null) {
                        ctx.header("Allow", allowed);
                    }
                    write(Problem.of(e.getStatus(), describe(e.getStatus(), ctx)), ctx);
                });
        config.routes.exception(
                Exception.class,
                (e, ctx) -> {
                    log.error("{} {} failed", ctx.method(), ctx.req().getRequestURI(), e);
                    write(Problem.of(500, "the agent failed; its log says why"), ctx);
                });
    }

    private static String describe(int status, Context ctx) {
        return switch (status) {
            case 404 -> "there is nothing at " + ctx.path();
            case 405 -> ctx.method() + " is not possible at " + ctx.path();
            default -> "the request was refused";
        };
    }

    private static void write(Problem problem, Context ctx) {
        drain(ctx);
        ctx.status(problem.status()).json(problem).contentType(Problem.MEDIA_TYPE);
    }

    /**
     * Reads what is left of a refused body, within bounds: a server that closes on unread bytes
     * resets the connection, and a client still sending then never sees the answer.
     */
    private static void drain(Context ctx) {
        if (ctx.req().getContentLengthLong() > DRAIN_BYTES) {
            ctx.header("Connection", "close");
            return;
        }
        var deadline = System.nanoTime() + DRAIN_PATIENCE.toNanos();
        var rest = new byte[8 * 1024];
        try {
            var body = ctx.req().getInputStream();
            for (int left = DRAIN_BYTES; left > 0 && System.nanoTime() - deadline < 0; ) {
                int length = body.read(rest);
                if (length < 0) {
                    return;
                }
                left -= length;
            }
            ctx.header("Connection", "close");
        } catch (IOException | IllegalStateException e) {
            log.debug("a refused body could not be read to its end: {}", e.toString());
        }
    }

    /**
     * Listens; from here on a ping is answered.
     *
     * @throws UncheckedIOException when the port cannot be listened on; the message names address
     *     and port
     */
    public void start() {
        try {
            javalin.start();
        } catch (JavalinException e) {
            var where = settings.address().getHostAddress() + ":" + settings.port();
            throw new UncheckedIOException(
                    "cannot listen on " + where + "; is the port in use?", new IOException(e));
        }
    }

    /** The port listened on, once started. */
    public int port() {
        return javalin.port();
    }

    @Override
    public void close() {
        javalin.stop();
    }
}
