package dev.runtimeagent.http;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Finds the route of a request, and is the one place that turns its errors into answers. */
final class RouteHandler extends Handler.Abstract {
    private static final Logger log = LoggerFactory.getLogger(RouteHandler.class);
    private static final int DRAIN_BYTES = 1024 * 1024;
    private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(2);

    /** By path; each has one method. */
    private final Map<String, Routes.Route> routes;

    RouteHandler(Routes routes) {
        this.routes =
                routes.all().stream()
                        .collect(Collectors.toMap(Routes.Route::path, Function.identity()));
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        var exchange = new Exchange(request, response);
        try {
            var answer = route(request).action().answer(exchange);
            write(200, "application/json", answer, response, callback);
        } catch (ProblemException e) {
            e.headers().forEach(exchange::answerHeader);
            refuse(e.problem(), exchange, response, callback);
        } catch (RuntimeException e) {
            log.error("{} {} failed", request.getMethod(), request.getHttpURI().getPath(), e);
            var problem = Problem.of(500, "the agent failed; its log says why");
            refuse(problem, exchange, response, callback);
        }
        return true;
    }

    private Routes.Route route(Request request) {
        var path = request.getHttpURI().getCanonicalPath();
        var route = path == null ? null : routes.get(path);
        if (route == null) {
            throw new ProblemException(404, "there is nothing at " + path);
        }
        if (!route.method().equals(request.getMethod())) {
            throw new ProblemException(
                    405,
                    request.getMethod() + " is not possible at " + path,
                    Map.of("Allow", route.method()));
        }
        return route;
    }

    private static void refuse(
            Problem problem, Exchange exchange, Response response, Callback callback) {
        drain(exchange);
        write(problem.status(), Problem.MEDIA_TYPE, problem, response, callback);
    }

    private static void write(
            int status, String type, Wire body, Response response, Callback callback) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        var bytes = body.json().getBytes(StandardCharsets.UTF_8);
        response.write(true, ByteBuffer.wrap(bytes), callback);
    }

    /**
     * Reads what is left of a refused body, within bounds: a server that closes on unread bytes
     * resets the connection, and a client still sending then never sees the answer.
     */
    private static void drain(Exchange exchange) {
        if (exchange.declaredLength() > DRAIN_BYTES) {
            exchange.answerHeader("Connection", "close");
            return;
        }
        var deadline = System.nanoTime() + DRAIN_PATIENCE.toNanos();
        var rest = new byte[8 * 1024];
        try {
            var body = exchange.body();
            for (int left = DRAIN_BYTES; left > 0 && System.nanoTime() - deadline < 0; ) {
                int length = body.read(rest);
                if (length < 0) {
                    return;
                }
                left -= length;
            }
            exchange.answerHeader("Connection", "close");
        } catch (IOException e) {
            log.debug("a refused body could not be read to its end: {}", e.toString());
        }
    }
}
