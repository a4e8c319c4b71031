package dev.runtimebridge.http;

import dev.runtimebridge.http.wire.TokenAnswer;
import dev.runtimebridge.http.wire.TokenRequest;
import dev.runtimebridge.http.wire.UserAnswer;

import io.javalin.http.Context;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;

/** Who somebody is. */
@Tag(name = "users")
final class UserHandlers {
    private final Callers callers;
    private final AddressLimit checks;
    private final WireJson json;

    UserHandlers(Callers callers, AddressLimit checks, WireJson json) {
        this.callers = callers;
        this.checks = checks;
        this.json = json;
    }

    @Operation(summary = "Who am I?", security = @SecurityRequirement(name = "token"))
    @ApiResponse(
            responseCode = "200",
            description = "the token's user",
            content = @Content(schema = @Schema(implementation = UserAnswer.class)))
    @ApiResponse(responseCode = "401", description = "no token, or one that does not verify")
    void user(Context ctx) {
        var caller = callers.user(ctx);
        json.answer(ctx, 200, new UserAnswer(caller.email().orElse(null), caller.user().value()));
    }

    @Operation(
            summary = "Is this token good, and whose is it?",
            description = "The token check of version 1. Rate-limited by address.")
    @RequestBody(
            required = true,
            content = @Content(schema = @Schema(implementation = TokenRequest.class)))
    @ApiResponse(
            responseCode = "200",
            description = "it is",
            content = @Content(schema = @Schema(implementation = TokenAnswer.class)))
    @ApiResponse(responseCode = "400", description = "no token is named")
    @ApiResponse(
            responseCode = "401",
            description = "it does not verify; the problem carries `\"valid\": false`")
    @ApiResponse(responseCode = "429", description = "too many calls from this address")
    void checkToken(Context ctx) {
        checks.count(ctx);
        ctx.header("Cache-Control", "no-store");
        var token = AgentHandlers.token(ctx, json);
        try {
            json.answer(ctx, 200, TokenAnswer.of(callers.verified(token)));
        } catch (ProblemException e) {
            if (e.kind() == ProblemKind.UNAUTHENTICATED) {
                e.field("valid", false);
            }
            throw e;
        }
    }
}
