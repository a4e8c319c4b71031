package dev.runtimebridge.http;

import dev.runtimebridge.openapi.Route;

import io.javalin.http.Handler;

/** A route, the method that answers it, and where that method's documentation is. */
record ApiRoute(Route documented, Handler handler) {
    static ApiRoute of(
            String method, String path, String operationId, Class<?> handlers, Handler handler) {
        return new ApiRoute(new Route(method, path, operationId, handlers), handler);
    }
}
