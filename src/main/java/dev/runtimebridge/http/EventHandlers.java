package dev.runtimebridge.http;

import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.Event;
import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.http.wire.EventAnswer;
import dev.runtimebridge.launch.Allocations;

import io.javalin.http.Context;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The story of a container as server-sent events. */
final class EventHandlers {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    private final Allocations allocations;
    private final Callers callers;
    private final WireJson json;
    private final Drain drain;
    private final ApiSettings settings;
    private final ConcurrentHashMap<UserId, Integer> streams = new ConcurrentHashMap<>();

    EventHandlers(
            Allocations allocations,
            Callers callers,
            WireJson json,
            Drain drain,
            ApiSettings settings) {
        this.allocations = allocations;
        this.callers = callers;
        this.json = json;
        this.drain = drain;
        this.settings = settings;
    }

    @Operation(
            summary = "How my container is getting on, as it happens",
            description =
                    "Server-sent events (text/event-stream): everything since it was asked for,"
                        + " then what happens, until it has ended. An event's name is the phase,"
                        + " its data an Event, its id a number that grows.",
            tags = "containers",
            security = @SecurityRequirement(name = "token"))
    @Parameter(name = "id", in = ParameterIn.PATH, description = "the container's id")
    @Parameter(
            name = "follow",
            in = ParameterIn.QUERY,
            description = "false: what has happened so far, and no more",
            schema = @Schema(type = "boolean", defaultValue = "true"),
            example = "false")
    @Parameter(
            name = "Last-Event-ID",
            in = ParameterIn.HEADER,
            description = "the last event that was seen: only later ones are sent",
            schema = @Schema(type = "integer"))
    @ApiResponse(
            responseCode = "200",
            description = "the events",
            content =
                    @Content(
                            mediaType = "text/event-stream",
                            schema = @Schema(implementation = EventAnswer.class)))
    @ApiResponse(
            responseCode = "204",
            description = "it is over and everything was seen: do not connect again")
    @ApiResponse(responseCode = "400", description = "Last-Event-ID or follow is malformed")
    @ApiResponse(responseCode = "401", description = "no token, or one that does not verify")
    @ApiResponse(responseCode = "404", description = "you have no such container")
    @ApiResponse(responseCode = "429", description = "you follow too many streams already")
    void events(Context ctx) throws IOException {
        var user = callers.user(ctx).user();
        var id = OwnContainers.id(ctx);
        var claim = allocations.find(user, id).orElseThrow(OwnContainers::nothing);
        long after = lastEventId(ctx);
        boolean follow = follow(ctx);
        if (!claim.allocation().state().live() && allocations.events(id, after).isEmpty()) {
            ctx.status(204).res().setContentType(null);
            return;
        }
        enter(user);
        try {
            var stream = new EventStream(ctx.res(), json);
            if (!"HEAD".equals(ctx.req().getMethod())) {
                tell(stream, user, id, after, follow);
            }
        } finally {
            leave(user);
        }
    }

    /** Tells what is stored and then what comes, until the end, the stop, or a lost client. */
    private void tell(EventStream stream, UserId user, AllocationId id, long after, boolean follow)
            throws IOException {
        long seen = after;
        try (var ticket = allocations.listen(id)) {
            while (true) {
                var events = allocations.events(id, seen);
                for (var event : events) {
                    stream.event(event);
                    seen = event.id();
                }
                if (!follow
                        || events.stream().anyMatch(EventHandlers::last)
                        || over(user, id, events)) {
                    return;
                }
                if (!drain.await(() -> ticket.await(settings.keepAlive()))) {
                    stream.comment("still here");
                }
            }
        } catch (InterruptedException e) {
            stream.comment("the bridge is stopping: connect again");
        }
    }

    /**
     * Somebody who claims to have seen more than there is would wait for an end that he skipped.
     */
    private boolean over(UserId user, AllocationId id, List<Event> newest) {
        return newest.isEmpty()
                && allocations.find(user, id).stream()
                        .noneMatch(c -> c.allocation().state().live());
    }

    private static boolean last(Event event) {
        return event.phase() == Event.Phase.ENDED;
    }

    private void enter(UserId user) {
        if (streams.merge(user, 1, Integer::sum) > settings.mostStreamsPerUser()) {
            leave(user);
            throw new ProblemException(
                            ProblemKind.TOO_MANY_REQUESTS,
                            "you follow "
                                    + settings.mostStreamsPerUser()
                                    + " event streams already: close one")
                    .retryAfter(settings.retryAfter());
        }
    }

    private void leave(UserId user) {
        streams.computeIfPresent(user, (key, count) -> count == 1 ? null : count - 1);
    }

    private static long lastEventId(Context ctx) {
        var text = ctx.header("Last-Event-ID");
        if (text == null || text.isBlank()) {
            return 0;
        }
        if (!NUMBER.matcher(text.strip()).matches()) {
            throw ProblemException.invalid("Last-Event-ID must be the id of an event, a number");
        }
        return Long.parseLong(text.strip());
    }

    private static boolean follow(Context ctx) {
        return switch (ctx.queryParam("follow")) {
            case null -> true;
            case "true" -> true;
            case "false" -> false;
            default -> throw ProblemException.invalid("follow must be true or false");
        };
    }
}
