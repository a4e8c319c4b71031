package dev.runtimebridge.http;

import static dev.runtimebridge.gateway.GatewaySettings.PLACE;

import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.StoreUnavailable;
import dev.runtimebridge.gateway.Credential;
import dev.runtimebridge.gateway.Decision;
import dev.runtimebridge.gateway.Decision.Allowed;
import dev.runtimebridge.gateway.Decision.Refused;
import dev.runtimebridge.gateway.Target;
import dev.runtimebridge.secret.Secret;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What gateways ask, in front of the API: thousands of times a second, so with nothing of the API
 * around it. To whoever does not show the gateways' key there is nothing here.
 */
final class GatewayDoor extends Handler.Wrapper {
    static final String PREFIX = "/gateway/";

    /**
     * How long a gateway may go by a decision. With {@link
     * dev.runtimebridge.gateway.LiveContainers} being a tenth of a second behind, a second is kept.
     */
    static final Duration VALID_FOR = Duration.ofMillis(700);

    private static final String KEY = "Gateway-Key";
    private static final String USUAL_PORT = ":80";
    private static final String TARGET = "Gateway-Target";
    private static final String SESSION = "Gateway-Session";
    private static final String BEARER = "Bearer ";
    private static final String VALID_FOR_TEXT = Long.toString(VALID_FOR.toMillis());
    private static final int LONGEST_REPORT = 1 << 20;
    private static final Pattern USED = Pattern.compile("([a-z2-7]{26}) \\d{1,15} \\d{1,9}");

    private final GatewayParts parts;
    private final byte[] key;

    GatewayDoor(GatewayParts parts) {
        this.parts = parts;
        this.key = parts.key().reveal().getBytes(StandardCharsets.US_ASCII);
    }

    static boolean isFor(Request request) {
        return Request.getPathInContext(request).startsWith(PREFIX);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (!isFor(request)) {
            return super.handle(request, response, callback);
        }
        var path = Request.getPathInContext(request).substring(PREFIX.length());
        var action = Optional.of(path).filter(any -> showsKey(request)).orElse("");
        if (action.equals("configuration")) {
            configure(request, response, callback);
            return true;
        }
        switch (action) {
            case "decision" -> decide(request, response);
            case "activity" -> note(request, response);
            case "enter" -> parts.entrance().enter(request, response);
            default -> response.setStatus(404);
        }
        callback.succeeded();
        return true;
    }

    private boolean showsKey(Request request) {
        var shown = request.getHeaders().get(KEY);
        return shown != null && MessageDigest.isEqual(shown.getBytes(StandardCharsets.UTF_8), key);
    }

    /**
     * The whole text for a gateway that is to find bridges where it found this one; 404 where it is
     * to terminate TLS and no certificate is configured.
     */
    private void configure(Request request, Response response, Callback callback) {
        var host = request.getHeaders().get(HttpHeader.HOST);
        var text =
                Stream.of(host, host + USUAL_PORT)
                        .filter(here -> here != null && PLACE.matcher(here).matches())
                        .findFirst()
                        .flatMap(parts.nginx()::forImage);
        if (text.isEmpty()) {
            response.setStatus(404);
            callback.succeeded();
            return;
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        Content.Sink.write(response, true, text.get(), callback);
    }

    private void decide(Request request, Response response) {
        var target = target(request);
        if (target.isEmpty()) {
            refuse(response, Decision.Refusal.NO_CONTAINER);
            return;
        }
        switch (parts.gatekeeper().decide(target.get(), credential(request))) {
            case Allowed allowed -> allow(response, allowed);
            case Refused(var why) -> refuse(response, why);
        }
    }

    static Optional<Target> target(Request request) {
        return Optional.ofNullable(request.getHeaders().get(TARGET)).flatMap(Target::parse);
    }

    private static Credential credential(Request request) {
        var session = request.getHeaders().get(SESSION);
        if (session != null && !session.isEmpty()) {
            return new Credential.Session(new Secret(session));
        }
        var authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        return authorization != null
                        && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? new Credential.Bearer(
                        new Secret(authorization.substring(BEARER.length()).strip()))
                : new Credential.None();
    }

    private static void allow(Response response, Allowed allowed) {
        response.setStatus(204);
        var headers = response.getHeaders();
        headers.put("Gateway-Peer", allowed.agent().toString());
        headers.put("Gateway-Container", allowed.container().id().value());
        headers.put("Gateway-Valid-Ms", VALID_FOR_TEXT);
        allowed.assertion().ifPresent(it -> headers.put("Gateway-Assertion", it.reveal()));
        if (allowed.forwarded()) {
            headers.put("Gateway-Forward", "1");
        }
    }

    private static void refuse(Response response, Decision.Refusal why) {
        response.setStatus(why.status());
        response.getHeaders().put("Gateway-Reason", why.word());
    }

    /** Lines of a container's id, its requests since the last report and its open sockets. */
    private void note(Request request, Response response) throws IOException {
        var used = used(request);
        if (used.isEmpty()) {
            response.setStatus(400);
            return;
        }
        try {
            parts.activity().used(used.get(), parts.clock().instant());
            response.setStatus(204);
        } catch (StoreUnavailable e) {
            response.setStatus(503);
        }
    }

    private static Optional<Set<AllocationId>> used(Request request) throws IOException {
        if (request.getLength() > LONGEST_REPORT) {
            return Optional.empty();
        }
        var used = new HashSet<AllocationId>();
        for (var line : Content.Source.asString(request).lines().toList()) {
            var matcher = USED.matcher(line);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            used.add(new AllocationId(matcher.group(1)));
        }
        return Optional.of(used);
    }
}
