package dev.runtimebridge.http;

import dev.runtimebridge.allocation.Allocation;
import dev.runtimebridge.allocation.EndReason;
import dev.runtimebridge.allocation.Fault;
import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.allocation.Slot;
import dev.runtimebridge.http.wire.ContainerAnswer;
import dev.runtimebridge.http.wire.LaunchRequest;
import dev.runtimebridge.launch.LaunchOutcome.Failed;
import dev.runtimebridge.launch.LaunchOutcome.ImageUnavailable;
import dev.runtimebridge.launch.LaunchOutcome.Launched;
import dev.runtimebridge.launch.LaunchOutcome.NoSuchImage;
import dev.runtimebridge.launch.LaunchOutcome.StillStarting;
import dev.runtimebridge.launch.LaunchOutcome.TooManyContainers;
import dev.runtimebridge.launch.LaunchOutcome.TooManyWaiting;
import dev.runtimebridge.launch.LaunchService;

import io.javalin.http.Context;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** Launching. */
final class LaunchHandlers {
    private final LaunchService launches;
    private final Doors doors;
    private final Callers callers;
    private final WireJson json;
    private final Drain drain;
    private final ApiSettings settings;

    LaunchHandlers(
            LaunchService launches,
            Doors doors,
            Callers callers,
            WireJson json,
            Drain drain,
            ApiSettings settings) {
        this.launches = launches;
        this.doors = doors;
        this.callers = callers;
        this.json = json;
        this.drain = drain;
        this.settings = settings;
    }

    @Operation(
            summary = "Give me a container of this image",
            description =
                    "The one there is, or a new one. Asking twice, or a thousand times at once,"
                            + " gives one container: later calls join the first. Waits until it can"
                            + " be used unless Prefer says otherwise.",
            tags = "containers",
            security = @SecurityRequirement(name = "token"))
    @Parameter(
            name = "Prefer",
            in = ParameterIn.HEADER,
            description =
                    "RFC 7240: `wait=10` waits at most ten seconds, `respond-async` does not wait;"
                            + " both then answer 202",
            example = "wait=30")
    @RequestBody(
            required = true,
            content = @Content(schema = @Schema(implementation = LaunchRequest.class)))
    @ApiResponse(
            responseCode = "200",
            description = "it is ready: `url` is its address, `port` its agent's port",
            headers =
                    @Header(
                            name = "Preference-Applied",
                            description = "what of Prefer was honoured",
                            schema = @Schema(type = "string")),
            content = @Content(schema = @Schema(implementation = ContainerAnswer.class)))
    @ApiResponse(
            responseCode = "202",
            description = "it is starting; only where Prefer asked not to wait for it",
            headers = {
                @Header(
                        name = "Location",
                        description = "where to look how it is getting on",
                        schema = @Schema(type = "string")),
                @Header(
                        name = "Retry-After",
                        description = "seconds",
                        schema = @Schema(type = "integer")),
                @Header(
                        name = "Preference-Applied",
                        description = "what of Prefer was honoured",
                        schema = @Schema(type = "string"))
            },
            content = @Content(schema = @Schema(implementation = ContainerAnswer.class)))
    @ApiResponse(
            responseCode = "400",
            description = "no body, no JSON, or image_id is no positive integer")
    @ApiResponse(responseCode = "401", description = "no token, or one that does not verify")
    @ApiResponse(responseCode = "404", description = "no such image, or it is not available")
    @ApiResponse(responseCode = "429", description = "too many containers, or requests that wait")
    @ApiResponse(
            responseCode = "503",
            description = "no container could be started, or a dependency is down")
    @ApiResponse(
            responseCode = "504",
            description = "still starting; asking again joins the same launch")
    void launch(Context ctx) {
        var caller = callers.user(ctx);
        var request = json.read(ctx, LaunchRequest.class);
        var image = image(request.imageId());
        var slot = slot(request.slot());
        var preferences =
                Preferences.of(Collections.list(ctx.req().getHeaders("Prefer")))
                        .atMost(settings.longestWait());
        try {
            var outcome =
                    drain.await(
                            () ->
                                    launches.launch(
                                            caller.user(), image, slot, preferences.patience()));
            switch (outcome) {
                case Launched(var allocation, var address) -> {
                    preferences.applied(false).ifPresent(p -> ctx.header("Preference-Applied", p));
                    json.answer(ctx, 200, doors.launched(allocation, address));
                }
                case StillStarting(var allocation) -> stillStarting(ctx, allocation, preferences);
                case NoSuchImage(var missing) ->
                        throw new ProblemException(
                                ProblemKind.IMAGE_NOT_AVAILABLE, "there is no image " + missing);
                case ImageUnavailable(var ignored, var why) ->
                        throw new ProblemException(ProblemKind.IMAGE_NOT_AVAILABLE, why);
                case TooManyContainers(int most) ->
                        throw later(
                                ProblemKind.TOO_MANY_CONTAINERS,
                                "you have "
                                        + most
                                        + " containers, the most there may be: stop one");
                case TooManyWaiting(int most) ->
                        throw later(
                                ProblemKind.TOO_MANY_REQUESTS,
                                most + " launches of yours are under way already");
                case Failed(var allocation, var why) -> throw failed(allocation, why);
            }
        } catch (InterruptedException e) {
            throw later(ProblemKind.UNAVAILABLE, "the bridge is stopping: ask again to go on");
        }
    }

    private void stillStarting(Context ctx, Allocation allocation, Preferences preferences) {
        var location = "/api/containers/" + allocation.id();
        if (!preferences.any()) {
            throw later(
                            ProblemKind.STILL_STARTING,
                            "your container is still starting: ask again to go on waiting for it")
                    .header("Location", location)
                    .field("id", allocation.id().value());
        }
        ctx.header("Location", location)
                .header("Retry-After", Long.toString(settings.retryAfter().toSeconds()));
        preferences.applied(true).ifPresent(p -> ctx.header("Preference-Applied", p));
        json.answer(ctx, 202, ContainerAnswer.of(allocation, Optional.empty()));
    }

    private ProblemException failed(Allocation allocation, EndReason why) {
        var kind =
                switch (why.code()) {
                    case LAUNCH_TIMED_OUT -> ProblemKind.STILL_STARTING;
                    case START_FAILED,
                            CONTAINER_LOST,
                            STOPPED_BY_OWNER,
                            STOPPED_BY_ADMIN,
                            BRIDGE_STOPPED ->
                            ProblemKind.LAUNCH_FAILED;
                };
        var problem =
                later(kind, "the launch ended without a container: " + why.detail())
                        .field("id", allocation.id().value());
        why.fault()
                .ifPresent(
                        fault ->
                                problem.field("cause", fault.kind())
                                        .field("owner", word(fault.owner()))
                                        .field("hint", fault.hint()));
        return problem;
    }

    private static String word(Fault.Owner owner) {
        return owner.name().toLowerCase(Locale.ROOT);
    }

    private ProblemException later(ProblemKind kind, String detail) {
        return new ProblemException(kind, detail).retryAfter(settings.retryAfter());
    }

    private static ImageId image(@Nullable Long value) {
        if (value == null) {
            throw ProblemException.invalid("image_id is missing: send {\"image_id\": 1}");
        }
        return checked(() -> new ImageId(value));
    }

    private static Slot slot(@Nullable String value) {
        return value == null ? Slot.DEFAULT : checked(() -> new Slot(value));
    }

    /** What a domain type refuses is the caller's fault here. */
    private static <T> T checked(Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid(String.valueOf(e.getMessage()));
        }
    }
}
