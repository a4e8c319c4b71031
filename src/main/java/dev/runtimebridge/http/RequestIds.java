package dev.runtimebridge.http;

import jakarta.servlet.http.HttpServletRequest;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * Names each request: as its caller did in {@code X-Request-Id}, or anew. The answer carries the
 * name too. Only for finding a request in logs, so it need not be unguessable.
 */
final class RequestIds extends Handler.Wrapper {
    static final String HEADER = "X-Request-Id";
    private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        response.getHeaders().put(HEADER, name(request));
        return super.handle(request, response, callback);
    }

    /** The name of a request, given now if it had none. */
    static String name(Request request) {
        if (request.getAttribute(HEADER) instanceof String present) {
            return present;
        }
        var id = choose(request.getHeaders());
        request.setAttribute(HEADER, id);
        return id;
    }

    static String of(HttpServletRequest request) {
        return request.getAttribute(HEADER) instanceof String present ? present : "-";
    }

    private static String choose(HttpFields headers) {
        var named = headers.get(HEADER);
        return named != null && SAFE.matcher(named).matches()
                ? named
                : HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }
}
