package dev.runtimebridge.http;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Answers what never reaches a route, malformed requests above all, in the same form as the rest.
 */
final class JettyFaults implements Request.Handler {
    private final WireJson json;
    private final Duration retryAfter;

    JettyFaults(WireJson json, Duration retryAfter) {
        this.json = json;
        this.retryAfter = retryAfter;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        var problem = problem(response.getStatus());
        var headers = response.getHeaders();
        response.setStatus(problem.kind().status());
        problem.headers().forEach(headers::put);
        headers.put(RequestIds.HEADER, RequestIds.name(request));
        headers.put(HttpHeader.CACHE_CONTROL, "no-store");
        headers.put(HttpHeader.CONTENT_TYPE, Problems.MEDIA_TYPE);
        var body = json.bytes(Problems.body(problem, RequestIds.name(request)));
        response.write(true, ByteBuffer.wrap(body), callback);
        return true;
    }

    /** The kind of problem a bare status stands for. */
    static ProblemKind kind(int status) {
        return switch (status) {
            case 401, 403 -> ProblemKind.UNAUTHENTICATED;
            case 404 -> ProblemKind.NOT_FOUND;
            case 405 -> ProblemKind.METHOD_NOT_ALLOWED;
            case 408 -> ProblemKind.REQUEST_TIMED_OUT;
            case 413 -> ProblemKind.BODY_TOO_LARGE;
            case 415 -> ProblemKind.UNSUPPORTED_MEDIA_TYPE;
            case 414, 431 -> ProblemKind.HEADERS_TOO_LARGE;
            case 503 -> ProblemKind.UNAVAILABLE;
            default -> status < 500 ? ProblemKind.INVALID_REQUEST : ProblemKind.INTERNAL;
        };
    }

    private ProblemException problem(int status) {
        var kind = kind(status);
        return switch (kind) {
            case HEADERS_TOO_LARGE ->
                    new ProblemException(kind, "the request's headers or its URI are too large");
            case UNAVAILABLE ->
                    new ProblemException(kind, "the bridge is stopping: try again")
                            .retryAfter(retryAfter);
            case REQUEST_TIMED_OUT -> new ProblemException(kind, "the request came too slowly");
            case INTERNAL -> Problems.internal();
            case INVALID_REQUEST -> new ProblemException(kind, "the request is malformed");
            case UNAUTHENTICATED,
                    FORBIDDEN,
                    NOT_FOUND,
                    IMAGE_NOT_AVAILABLE,
                    METHOD_NOT_ALLOWED,
                    NOT_ACTIVE,
                    NAME_TAKEN,
                    CHANGED_MEANWHILE,
                    CONDITION_MISSING,
                    BODY_TOO_LARGE,
                    UNSUPPORTED_MEDIA_TYPE,
                    TOO_MANY_REQUESTS,
                    TOO_MANY_CONTAINERS,
                    TOO_MANY_SHARES,
                    LAUNCH_FAILED,
                    STILL_STARTING ->
                    new ProblemException(kind, kind.title().toLowerCase(java.util.Locale.ROOT));
        };
    }
}
