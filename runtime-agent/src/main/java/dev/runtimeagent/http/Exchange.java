package dev.runtimeagent.http;

import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

import java.io.InputStream;

/** One request, as handlers see it, and the headers of the answer to it. */
final class Exchange {
    private final Request request;
    private final Response response;

    Exchange(Request request, Response response) {
        this.request = request;
        this.response = response;
    }

    @Nullable String header(String name) {
        return request.getHeaders().get(name);
    }

    /** Length of the body as the request has it, or -1. */
    long declaredLength() {
        return request.getLength();
    }

    /** The body, which blocks its reader; closing it is left to the server. */
    InputStream body() {
        return Content.Source.asInputStream(request);
    }

    void answerHeader(String name, String value) {
        response.getHeaders().put(name, value);
    }
}
