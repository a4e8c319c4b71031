package dev.runtimebridge.http;

import java.util.List;
import java.util.Set;

/** Every documented route of the bridge, in the order of its document. */
final class ApiRoutes {
    /** What agents call; those of the first bridge check tokens themselves. */
    static final Set<String> OF_AGENTS =
            Set.of(
                    "/api/containers/info",
                    "/api/containers/ready",
                    "/api/containers/shares",
                    "/api/containers/authorize",
                    "/api/containers/limits",
                    "/auth/token");

    private final LaunchHandlers launch;
    private final ContainerHandlers containers;
    private final ShareHandlers shares;
    private final EventHandlers events;
    private final CatalogHandlers catalog;
    private final ImageHandlers images;
    private final UserHandlers users;
    private final AgentHandlers agents;
    private final HealthHandlers health;

    ApiRoutes(Collaborators with, ApiSettings settings, WireJson json, Drain drain) {
        var callers = new Callers(with.tokens(), settings.adminRole(), settings.retryAfter());
        var doors = new Doors(with.gateway().map(GatewayParts::links));
        this.launch = new LaunchHandlers(with.launches(), doors, callers, json, drain, settings);
        this.containers =
                new ContainerHandlers(with.allocations(), with.passwords(), doors, callers, json);
        this.shares =
                new ShareHandlers(
                        new OwnContainers(with.allocations(), callers), with.gateway(), json);
        this.events = new EventHandlers(with.allocations(), callers, json, drain, settings);
        this.catalog = new CatalogHandlers(with.catalog(), json);
        this.images = new ImageHandlers(with.catalogAdmin(), callers, json);
        this.users = new UserHandlers(callers, new AddressLimit(settings.callsPerMinute()), json);
        this.agents =
                new AgentHandlers(
                        with.agents(),
                        with.allocations(),
                        with.callHome(),
                        with.passwords(),
                        with.gateway(),
                        callers,
                        new AddressLimit(settings.callsPerMinute()),
                        json);
        this.health = new HealthHandlers(with.readiness(), settings, json);
    }

    List<ApiRoute> all() {
        var l = LaunchHandlers.class;
        var c = ContainerHandlers.class;
        var s = ShareHandlers.class;
        var a = AgentHandlers.class;
        var i = ImageHandlers.class;
        var h = HealthHandlers.class;
        return List.of(
                ApiRoute.of("POST", "/api/containers/launch", "launch", l, launch::launch),
                ApiRoute.of("GET", "/api/containers", "containers", c, containers::containers),
                // Before {id}, which would match it too: the first match answers.
                ApiRoute.of("GET", "/api/containers/info", "info", a, agents::info),
                ApiRoute.of("GET", "/api/containers/shares", "validShares", a, agents::validShares),
                ApiRoute.of("GET", "/api/containers/{id}", "container", c, containers::container),
                ApiRoute.of("DELETE", "/api/containers/{id}", "stop", c, containers::stop),
                ApiRoute.of("GET", "/api/containers/{id}/ssh", "ssh", c, containers::ssh),
                ApiRoute.of("POST", "/api/containers/{id}/shares", "share", s, shares::share),
                ApiRoute.of("GET", "/api/containers/{id}/shares", "shares", s, shares::shares),
                ApiRoute.of(
                        "DELETE",
                        "/api/containers/{id}/shares/{share}",
                        "withdraw",
                        s,
                        shares::withdraw),
                ApiRoute.of(
                        "GET",
                        "/api/containers/{id}/events",
                        "events",
                        EventHandlers.class,
                        events::events),
                ApiRoute.of(
                        "GET",
                        "/api/runtimes/available",
                        "available",
                        CatalogHandlers.class,
                        catalog::available),
                ApiRoute.of("GET", "/api/admin/images", "images", i, images::images),
                ApiRoute.of("POST", "/api/admin/images", "addImage", i, images::addImage),
                ApiRoute.of("GET", "/api/admin/images/{id}", "image", i, images::image),
                ApiRoute.of(
                        "PATCH", "/api/admin/images/{id}", "changeImage", i, images::changeImage),
                ApiRoute.of("GET", "/api/users/", "user", UserHandlers.class, users::user),
                ApiRoute.of(
                        "POST", "/auth/token", "checkToken", UserHandlers.class, users::checkToken),
                ApiRoute.of("POST", "/api/containers/ready", "ready", a, agents::ready),
                ApiRoute.of("POST", "/api/containers/authorize", "authorize", a, agents::authorize),
                ApiRoute.of("POST", "/api/containers/limits", "limits", a, agents::limits),
                ApiRoute.of("GET", "/ping", "ping", h, health::ping),
                ApiRoute.of("GET", "/healthz", "alive", h, health::alive),
                ApiRoute.of("GET", "/readyz", "ready", h, health::ready));
    }
}
