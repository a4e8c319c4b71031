package dev.runtimebridge.http;

import dev.runtimebridge.openapi.OpenApiReader;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import io.javalin.util.JavalinLogger;
import io.swagger.v3.oas.models.OpenAPI;

import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

import java.io.UncheckedIOException;
import java.net.BindException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The bridge's HTTP server. Requests run on virtual threads and may wait; what they may cost is
 * bounded.
 */
public final class ApiServer implements AutoCloseable {
    private final WireJson json;
    private final Drain drain = new Drain();
    private final Collaborators collaborators;
    private final ApiSettings settings;
    private final Optional<String> agentDoor;
    private @Nullable Javalin running;

    /** A server with one door for all. */
    public ApiServer(Collaborators collaborators, ApiSettings settings) {
        this(collaborators, settings, Optional.empty());
    }

    /**
     * A server with a door for agents beside the one for all.
     *
     * @param agentDoor an address where only the agents' routes are answered, on the same port
     */
    public ApiServer(
            Collaborators collaborators, ApiSettings settings, Optional<String> agentDoor) {
        this.collaborators = collaborators;
        this.settings = settings;
        this.agentDoor = agentDoor;
        this.json = new WireJson(settings.bodyWithin());
    }

    /**
     * Listens: whoever connects waits for {@link #answer}. May be called once.
     *
     * @param host address to listen on, {@code 127.0.0.1}
     * @param port 0 for any
     * @return the port it listens on
     * @throws UncheckedIOException of a {@link BindException} when the port is in use
     */
    public synchronized int listen(String host, int port) {
        if (running != null) {
            throw new IllegalStateException("the HTTP server was started already");
        }
        var routes = routes();
        running = Javalin.create(config -> configure(config, routes, host, port));
        // Its line about a failed start would stand beside the one that our caller makes of it.
        JavalinLogger.enabled = false;
        try {
            running.start();
        } catch (JavalinBindException e) {
            var inUse = new BindException("something else listens there");
            inUse.initCause(e);
            throw new UncheckedIOException(inUse);
        } finally {
            JavalinLogger.enabled = true;
        }
        return running.port();
    }

    /** Answers from now on. */
    public synchronized void answer() {
        for (var connector :
                Objects.requireNonNull(running).jettyServer().server().getConnectors()) {
            ((ServerConnector) connector).setAccepting(true);
        }
    }

    /**
     * Takes no more connections, ends what waits (launches answer 503 and go on when they are asked
     * for again) and lets the rest finish within the drain time.
     */
    @Override
    public synchronized void close() {
        if (running != null) {
            drain.begin();
            running.stop();
        }
    }

    /** The API's documentation. */
    OpenAPI document() {
        return ApiDocument.of(routes());
    }

    private List<ApiRoute> routes() {
        return new ApiRoutes(collaborators, settings, json, drain).all();
    }

    private void configure(JavalinConfig config, List<ApiRoute> routes, String host, int port) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.concurrency.useVirtualThreads = true;
        config.http.prefer405over404 = true;
        // Not application/json: Jetty would add its charset to whatever is set later.
        config.http.defaultContentType = Problems.MEDIA_TYPE;
        new JettySetup(settings, json, collaborators.gateway())
                .install(config, host, port, agentDoor);
        agentDoor.ifPresent(door -> config.routes.before(ctx -> refuseAllButAgents(ctx, door)));
        config.routes.before(ApiServer::refuseLargeBodies);
        for (var route : routes) {
            add(config, route);
        }
        new Pages(() -> OpenApiReader.json(ApiDocument.of(routes))).install(config);
        var problems = new Problems(json, settings.retryAfter());
        config.routes.exception(Exception.class, problems::answer);
        // Javalin has a closer match of its own for these.
        config.routes.exception(HttpResponseException.class, problems::answer);
        config.router.javaLangErrorHandler(problems::answerError);
    }

    /** Whoever may GET may ask for the headers alone. */
    private static void add(JavalinConfig config, ApiRoute route) {
        var path = route.documented().path();
        switch (route.documented().method()) {
            case "GET" -> {
                config.routes.get(path, route.handler());
                config.routes.head(path, route.handler());
            }
            case "POST" -> config.routes.post(path, route.handler());
            case "PATCH" -> config.routes.patch(path, route.handler());
            case "DELETE" -> config.routes.delete(path, route.handler());
            default -> throw new IllegalArgumentException("no such method: " + route.documented());
        }
    }

    private static void refuseAllButAgents(Context ctx, String door) {
        if (door.equals(ctx.req().getLocalAddr()) && !ApiRoutes.OF_AGENTS.contains(ctx.path())) {
            throw new ProblemException(
                    ProblemKind.NOT_FOUND, "at this address the bridge answers agents alone");
        }
    }

    private static void refuseLargeBodies(Context ctx) {
        if (ctx.req().getContentLengthLong() > WireJson.LONGEST_BODY) {
            throw Problems.bodyTooLarge();
        }
    }
}
