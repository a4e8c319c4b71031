package dev.runtimebridge.http;

import dev.runtimebridge.allocation.AllocationState;
import dev.runtimebridge.gateway.Share;
import dev.runtimebridge.http.wire.ShareAnswer;
import dev.runtimebridge.http.wire.ShareList;
import dev.runtimebridge.http.wire.ShareRequest;

import io.javalin.http.Context;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;

/** Links by which owners let others see one port, through the gateway. */
@Tag(name = "shares")
final class ShareHandlers {
    private static final int HIGHEST_PORT = 65_535;
    private static final int MOST_SHARES = 20;
    private static final int SHORTEST_SECONDS = 60;
    private static final int LONGEST_SECONDS = 7 * 24 * 3600;
    private static final int USUAL_SECONDS = 3600;

    private final OwnContainers own;
    private final Optional<GatewayParts> gateway;
    private final WireJson json;

    ShareHandlers(OwnContainers own, Optional<GatewayParts> gateway, WireJson json) {
        this.own = own;
        this.gateway = gateway;
        this.json = json;
    }

    @Operation(
            summary = "Share a port of my container",
            description =
                    "Answers a link that lets anybody who has it see this port, and nothing else,"
                            + " until it expires, is withdrawn or the container ends.",
            security = @SecurityRequirement(name = "token"))
    @Parameter(name = "id", in = ParameterIn.PATH, description = "the container's id")
    @RequestBody(
            required = true,
            content = @Content(schema = @Schema(implementation = ShareRequest.class)))
    @ApiResponse(
            responseCode = "201",
            description = "the share",
            content = @Content(schema = @Schema(implementation = ShareAnswer.class)))
    @ApiResponse(
            responseCode = "400",
            description = "port or expires_in is out of range, or the port is the agent's")
    @ApiResponse(responseCode = "401", description = "no token, or one that does not verify")
    @ApiResponse(
            responseCode = "404",
            description = "you have no such container, or there is no gateway")
    @ApiResponse(responseCode = "409", description = "it is not active yet, or no longer")
    @ApiResponse(responseCode = "429", description = "it has 20 shares already")
    void share(Context ctx) {
        var claim = own.named(ctx);
        var request = json.read(ctx, ShareRequest.class);
        int port = within(request.port(), 0, 1, HIGHEST_PORT, "port");
        int seconds =
                within(
                        request.expiresIn(),
                        USUAL_SECONDS,
                        SHORTEST_SECONDS,
                        LONGEST_SECONDS,
                        "expires_in");
        var address = claim.address();
        if (claim.allocation().state() != AllocationState.ACTIVE || address.isEmpty()) {
            throw new ProblemException(ProblemKind.NOT_ACTIVE, "the container is not active");
        }
        if (address.get().port() == port) {
            throw ProblemException.invalid("the agent's own port is not for sharing");
        }
        var now = parts().clock().instant();
        var share =
                new Share(
                        parts().ids().draw(),
                        claim.allocation().id(),
                        port,
                        now,
                        now.plus(Duration.ofSeconds(seconds)),
                        Optional.empty());
        if (!parts().shares().add(share, MOST_SHARES)) {
            throw new ProblemException(
                    ProblemKind.TOO_MANY_SHARES,
                    "the container has " + MOST_SHARES + " shares, the most: withdraw one");
        }
        json.answer(ctx, 201, answer(share));
    }

    @Operation(
            summary = "The shares of my container",
            security = @SecurityRequirement(name = "token"))
    @Parameter(name = "id", in = ParameterIn.PATH, description = "the container's id")
    @ApiResponse(
            responseCode = "200",
            description = "those that let somebody in now",
            content = @Content(schema = @Schema(implementation = ShareList.class)))
    @ApiResponse(responseCode = "401", description = "no token, or one that does not verify")
    @ApiResponse(
            responseCode = "404",
            description = "you have no such container, or there is no gateway")
    void shares(Context ctx) {
        var claim = own.named(ctx);
        var shares = parts().shares().of(claim.allocation().id(), parts().clock().instant());
        json.answer(ctx, 200, new ShareList(shares.stream().map(this::answer).toList()));
    }

    @Operation(
            summary = "Withdraw a share",
            description =
                    "Within a second nobody gets in by it any more, and within five what its"
                            + " guests hold open ends. May be repeated.",
            security = @SecurityRequirement(name = "token"))
    @Parameter(name = "id", in = ParameterIn.PATH, description = "the container's id")
    @Parameter(name = "share", in = ParameterIn.PATH, description = "the share's id")
    @ApiResponse(responseCode = "204", description = "it is withdrawn")
    @ApiResponse(responseCode = "401", description = "no token, or one that does not verify")
    @ApiResponse(
            responseCode = "404",
            description = "you have no such container or share, or there is no gateway")
    void withdraw(Context ctx) {
        var claim = own.named(ctx);
        boolean there =
                parts().shares()
                        .withdraw(
                                claim.allocation().id(),
                                ctx.pathParam("share"),
                                parts().clock().instant());
        if (!there) {
            throw new ProblemException(
                    ProblemKind.NOT_FOUND, "the container has no share with this id");
        }
        ctx.status(204);
    }

    private ShareAnswer answer(Share share) {
        return ShareAnswer.of(
                share,
                parts().links()
                        .share(share.allocation(), share.id(), share.port(), share.expiresAt()));
    }

    private GatewayParts parts() {
        return gateway.orElseThrow(
                () -> new ProblemException(ProblemKind.NOT_FOUND, "there is no gateway here"));
    }

    private static int within(
            @Nullable Integer value, int otherwise, int least, int most, String field) {
        int given = value == null ? otherwise : value;
        if (given < least || given > most) {
            throw ProblemException.invalid(
                    field + " must be a number from " + least + " to " + most);
        }
        return given;
    }
}
