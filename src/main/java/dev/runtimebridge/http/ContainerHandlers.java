package dev.runtimebridge.http;

import dev.runtimebridge.allocation.AllocationState;
import dev.runtimebridge.http.wire.ContainerAnswer;
import dev.runtimebridge.http.wire.ContainerList;
import dev.runtimebridge.http.wire.SshAnswer;
import dev.runtimebridge.launch.Allocations;
import dev.runtimebridge.launch.Claim;

import io.javalin.http.Context;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;

import java.util.regex.Pattern;

/** A user's containers. Somebody else's do not exist. */
@Tag(name = "containers")
final class ContainerHandlers {
    private static final int MOST_ENDED = 100;
    private static final Pattern ENDED = Pattern.compile("[0-9]{1,3}");

    private final Allocations allocations;
    private final OwnContainers own;
    private final Passwords passwords;
    private final Doors doors;
    private final Callers callers;
    private final WireJson json;

    ContainerHandlers(
            Allocations allocations,
            Passwords passwords,
            Doors doors,
            Callers callers,
            WireJson json) {
        this.doors = doors;
        this.allocations = allocations;
        this.own = new OwnContainers(allocations, callers);
        this.passwords = passwords;
        this.callers = callers;
        this.json = json;
    }

    @Operation(summary = "My containers", security = @SecurityRequirement(name = "token"))
    @Parameter(
            name = "ended",
            in = ParameterIn.QUERY,
            description = "how many of those that are over to show as well, the newest",
            schema = @Schema(type = "integer", minimum = "0", maximum = "100", defaultValue = "0"))
    @ApiResponse(
            responseCode = "200",
            description = "they",
            content = @Content(schema = @Schema(implementation = ContainerList.class)))
    @ApiResponse(responseCode = "400", description = "ended is no number from 0 to 100")
    @ApiResponse(responseCode = "401", description = "no token, or one that does not verify")
    void containers(Context ctx) {
        var user = callers.user(ctx).user();
        var list = allocations.of(user, ended(ctx)).stream().map(this::answer).toList();
        json.answer(ctx, 200, new ContainerList(list));
    }

    @Operation(summary = "One of my containers", security = @SecurityRequirement(name = "token"))
    @Parameter(name = "id", in = ParameterIn.PATH, description = "the container's id")
    @ApiResponse(
            responseCode = "200",
            description = "it",
            content = @Content(schema = @Schema(implementation = ContainerAnswer.class)))
    @ApiResponse(responseCode = "401", description = "no token, or one that does not verify")
    @ApiResponse(responseCode = "404", description = "you have no such container")
    void container(Context ctx) {
        json.answer(ctx, 200, answer(own.named(ctx)));
    }

    @Operation(
            summary = "How to log in to my container over SSH",
            security = @SecurityRequirement(name = "token"))
    @Parameter(name = "id", in = ParameterIn.PATH, description = "the container's id")
    @ApiResponse(
            responseCode = "200",
            description = "the way in; must not be stored by caches",
            content = @Content(schema = @Schema(implementation = SshAnswer.class)))
    @ApiResponse(responseCode = "401", description = "no token, or one that does not verify")
    @ApiResponse(responseCode = "404", description = "you have no such container")
    @ApiResponse(responseCode = "409", description = "it is not active yet, or no longer")
    void ssh(Context ctx) {
        ctx.header("Cache-Control", "no-store");
        var claim = own.named(ctx);
        var allocation = claim.allocation();
        if (allocation.state() != AllocationState.ACTIVE || claim.address().isEmpty()) {
            throw notActive(claim);
        }
        var login =
                allocations
                        .login(allocation.owner(), allocation.id())
                        .orElseThrow(() -> notActive(claim));
        json.answer(
                ctx,
                200,
                new SshAnswer(
                        claim.address().get().ip(),
                        login.port(),
                        login.user(),
                        passwords.open(login).reveal(),
                        login.hostKey(),
                        new HostKey(login.hostKey()).fingerprint()));
    }

    @Operation(
            summary = "Stop my container",
            description = "Its files are kept for the next launch. May be repeated.",
            security = @SecurityRequirement(name = "token"))
    @Parameter(name = "id", in = ParameterIn.PATH, description = "the container's id")
    @ApiResponse(
            responseCode = "202",
            description = "it is ending, or over already: `state` says which",
            content = @Content(schema = @Schema(implementation = ContainerAnswer.class)))
    @ApiResponse(responseCode = "401", description = "no token, or one that does not verify")
    @ApiResponse(responseCode = "404", description = "you have no such container")
    void stop(Context ctx) {
        var user = callers.user(ctx).user();
        var ended =
                allocations.end(user, OwnContainers.id(ctx)).orElseThrow(OwnContainers::nothing);
        json.answer(ctx, 202, answer(ended));
    }

    private static ProblemException notActive(Claim claim) {
        var state = ContainerAnswer.of(claim.allocation(), claim.address()).state();
        return new ProblemException(
                        ProblemKind.NOT_ACTIVE, "the container is " + state + ", not active")
                .field("state", state);
    }

    private ContainerAnswer answer(Claim claim) {
        return doors.answer(claim);
    }

    private static int ended(Context ctx) {
        var text = ctx.queryParam("ended");
        if (text == null) {
            return 0;
        }
        if (!ENDED.matcher(text).matches() || Integer.parseInt(text) > MOST_ENDED) {
            throw ProblemException.invalid("ended must be a number from 0 to " + MOST_ENDED);
        }
        return Integer.parseInt(text);
    }
}
