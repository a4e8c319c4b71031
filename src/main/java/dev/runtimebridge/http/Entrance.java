package dev.runtimebridge.http;

import dev.runtimebridge.allocation.StoreUnavailable;
import dev.runtimebridge.gateway.GatewayLinks;
import dev.runtimebridge.gateway.Target;
import dev.runtimebridge.secret.Secret;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

import java.util.Optional;

/** Turns a link into a session: a cookie for the one host that the link was opened on. */
final class Entrance {
    private final GatewayLinks links;

    Entrance(GatewayLinks links) {
        this.links = links;
    }

    /** Answers 303 with the cookie, 403 where the link holds no longer, 503 where none can tell. */
    void enter(Request request, Response response) {
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        var query = Request.extractQueryParameters(request);
        var pass = Optional.ofNullable(query.getValue(GatewayLinks.PASS)).map(Secret::new);
        if (!(GatewayDoor.target(request).orElse(null) instanceof Target.ByHost host)
                || pass.isEmpty()) {
            response.setStatus(404);
            return;
        }
        try {
            var session = links.begin(pass.get(), host);
            if (session.isEmpty()) {
                response.setStatus(403);
                return;
            }
            var headers = response.getHeaders();
            headers.put(HttpHeader.SET_COOKIE, cookie(session.get()));
            headers.put(HttpHeader.LOCATION, within(query.getValue("to")));
            headers.put("Referrer-Policy", "no-referrer");
            response.setStatus(303);
        } catch (StoreUnavailable e) {
            response.setStatus(503);
        }
    }

    private static String cookie(GatewayLinks.Session session) {
        return "__Host-runtime-bridge="
                + session.text().reveal()
                + "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age="
                + session.lasts().toSeconds();
    }

    /** A place on the same host, or its front page: never another host. */
    private static String within(@Nullable String to) {
        return to != null
                        && to.startsWith("/")
                        && !to.startsWith("//")
                        && to.chars().allMatch(c -> c > 32 && c < 127 && c != '\\')
                ? to
                : "/";
    }
}
