package dev.runtimebridge.emulator.wire;

import io.javalin.http.Context;

import org.eclipse.jetty.ee10.servlet.ServletContextRequest;

import java.util.Objects;

/** What is the same for all protocols. */
final class Headers {
    private Headers() {}

    static Gate.Call call(Context ctx, String service, String action) {
        return new Gate.Call(service, action, text(ctx, "Authorization"), text(ctx, "X-Amz-Date"));
    }

    /** Empty where there is none. */
    static String text(Context ctx, String header) {
        return Objects.requireNonNullElse(ctx.header(header), "");
    }

    /** Ends the connection without an answer. */
    static void hangUp(Context ctx) {
        ServletContextRequest.getServletContextRequest(ctx.req())
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint()
                .close();
    }
}
