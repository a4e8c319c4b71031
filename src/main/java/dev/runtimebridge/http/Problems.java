package dev.runtimebridge.http;

import dev.runtimebridge.allocation.StoreUnavailable;
import dev.runtimebridge.http.wire.Problem;

import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import io.javalin.router.EndpointNotFound;

import jakarta.servlet.http.HttpServletResponse;

import org.eclipse.jetty.http.HttpException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;

/** Turns whatever ends a request into {@code application/problem+json}. */
final class Problems {
    static final String MEDIA_TYPE = "application/problem+json";
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    private final WireJson json;
    private final Comebacks comebacks;

    /** The access log has each of the requests. */
    private final Outbreak outage = new Outbreak(Clock.systemUTC(), Duration.ofSeconds(1));

    Problems(WireJson json, Duration retryAfter) {
        this.json = json;
        this.comebacks = new Comebacks(retryAfter);
    }

    /** Answers a fault, whatever it is. */
    void answer(Exception fault, Context ctx) {
        var problem = problem(fault, ctx);
        problem.headers().forEach(ctx::header);
        if (ctx.res().isCommitted()) {
            return;
        }
        ctx.status(problem.kind().status())
                .contentType(MEDIA_TYPE)
                .header("Cache-Control", "no-store")
                .result(json.bytes(body(problem, RequestIds.of(ctx.req()))));
    }

    /** Answers what no handler may catch: the request fails, the server goes on. */
    void answerError(HttpServletResponse response, Error error) {
        LOG.error("a request failed", error);
        if (response.isCommitted()) {
            return;
        }
        response.setContentType(MEDIA_TYPE);
        try {
            response.getOutputStream().write(json.bytes(body(internal(), requestId(response))));
        } catch (IOException e) {
            LOG.debug("nobody is left to tell", e);
        }
    }

    /** The body of a problem. */
    static Problem body(ProblemException problem, String requestId) {
        return new Problem(
                problem.kind().type(),
                problem.kind().title(),
                problem.kind().status(),
                problem.detail(),
                problem.detail(),
                requestId,
                problem.fields());
    }

    static ProblemException bodyTooLarge() {
        return new ProblemException(
                        ProblemKind.BODY_TOO_LARGE,
                        "the body is larger than " + WireJson.LONGEST_BODY + " bytes")
                .header("Connection", "close");
    }

    static ProblemException bodyTooSlow() {
        return new ProblemException(ProblemKind.REQUEST_TIMED_OUT, "the body came too slowly")
                .header("Connection", "close");
    }

    /** A body that could not be read to its end. */
    static ProblemException unreadable(IOException fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof TimeoutException) {
                return bodyTooSlow();
            }
        }
        return ProblemException.invalid("the body ended early or is malformed")
                .header("Connection", "close");
    }

    private ProblemException problem(Exception fault, Context ctx) {
        return switch (fault) {
            case ProblemException problem -> problem;
            case StoreUnavailable unavailable -> {
                outage.told(RequestIds.of(ctx.req()) + ": " + unavailable.getMessage())
                        .ifPresent(LOG::warn);
                yield new ProblemException(
                                ProblemKind.UNAVAILABLE,
                                "the database cannot be asked now: try again")
                        .retryAfter(comebacks.next());
            }
            case MethodNotAllowedResponse refused ->
                    new ProblemException(
                                    ProblemKind.METHOD_NOT_ALLOWED,
                                    ctx.method() + " is not for " + ctx.path())
                            .header("Allow", allowed(refused.getDetails().values()));
            case EndpointNotFound ignored ->
                    new ProblemException(ProblemKind.NOT_FOUND, "there is no " + ctx.path());
            case HttpResponseException response ->
                    new ProblemException(
                            JettyFaults.kind(response.getStatus()),
                            String.valueOf(response.getMessage()));
            case HttpException.RuntimeException malformed ->
                    new ProblemException(
                            JettyFaults.kind(malformed.getCode()),
                            String.valueOf(malformed.getReason()));
            default -> {
                LOG.error(
                        "{} {} failed, request {}",
                        ctx.method(),
                        ctx.path(),
                        RequestIds.of(ctx.req()),
                        fault);
                yield internal();
            }
        };
    }

    static ProblemException internal() {
        return new ProblemException(
                ProblemKind.INTERNAL,
                "something went wrong here; the request id helps to find out what");
    }

    private static String requestId(HttpServletResponse response) {
        return Objects.requireNonNullElse(response.getHeader(RequestIds.HEADER), "-");
    }

    private static String allowed(Iterable<String> lists) {
        Set<String> methods = new TreeSet<>();
        lists.forEach(list -> methods.addAll(Set.of(list.split(", "))));
        return String.join(", ", methods);
    }
}
