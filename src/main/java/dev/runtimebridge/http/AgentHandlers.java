package dev.runtimebridge.http;

import dev.runtimebridge.auth.AgentDirectory;
import dev.runtimebridge.auth.AgentDirectory.KnownAgent;
import dev.runtimebridge.gateway.Share;
import dev.runtimebridge.http.wire.AuthorizeAnswer;
import dev.runtimebridge.http.wire.InfoAnswer;
import dev.runtimebridge.http.wire.LimitRequest;
import dev.runtimebridge.http.wire.ReadyAnswer;
import dev.runtimebridge.http.wire.ReadyRequest;
import dev.runtimebridge.http.wire.TokenRequest;
import dev.runtimebridge.http.wire.ValidShares;
import dev.runtimebridge.launch.Allocations;
import dev.runtimebridge.launch.ReachedLimit;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.secret.ApiKeys;
import dev.runtimebridge.secret.Secret;

import io.javalin.http.Context;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/** What agents ask. */
@Tag(name = "agents")
final class AgentHandlers {
    private static final String KEY = "X-API-KEY";

    private final AgentDirectory agents;
    private final Allocations allocations;
    private final CallHome callHome;
    private final Passwords passwords;
    private final Optional<GatewayParts> gateway;
    private final Callers callers;
    private final AddressLimit hints;
    private final WireJson json;

    AgentHandlers(
            AgentDirectory agents,
            Allocations allocations,
            CallHome callHome,
            Passwords passwords,
            Optional<GatewayParts> gateway,
            Callers callers,
            AddressLimit hints,
            WireJson json) {
        this.agents = agents;
        this.allocations = allocations;
        this.callHome = callHome;
        this.passwords = passwords;
        this.gateway = gateway;
        this.callers = callers;
        this.hints = hints;
        this.json = json;
    }

    @Operation(
            summary = "How an agent logs in to its own container",
            security = @SecurityRequirement(name = "agent"))
    @ApiResponse(
            responseCode = "200",
            description = "the way in; must not be stored by caches",
            content = @Content(schema = @Schema(implementation = InfoAnswer.class)))
    @ApiResponse(responseCode = "401", description = "no API key")
    @ApiResponse(
            responseCode = "404",
            description = "the key is unknown, or its container is not available")
    void info(Context ctx) {
        ctx.header("Cache-Control", "no-store");
        var agent =
                known(key(ctx))
                        .orElseThrow(
                                () ->
                                        new ProblemException(
                                                ProblemKind.NOT_FOUND,
                                                "no available container has this API key"));
        var login = agent.login();
        json.answer(
                ctx,
                200,
                new InfoAnswer(
                        agent.address().ip(),
                        agent.address().port(),
                        login.user(),
                        login.authType(),
                        passwords.open(login).reveal(),
                        login.port(),
                        login.hostKey()));
    }

    @Operation(
            summary = "An agent says it can answer",
            description =
                    "A hint that grants nothing: it makes the bridge look at a container that is"
                            + " starting sooner than it would have. Rate-limited by address.")
    @RequestBody(
            required = true,
            content = @Content(schema = @Schema(implementation = ReadyRequest.class)))
    @ApiResponse(
            responseCode = "202",
            description = "heard",
            content = @Content(schema = @Schema(implementation = ReadyAnswer.class)))
    @ApiResponse(responseCode = "400", description = "no container is named")
    @ApiResponse(responseCode = "429", description = "too many calls from this address")
    void ready(Context ctx) {
        hints.count(ctx);
        var named = json.read(ctx, ReadyRequest.class).container();
        callHome.heard(reference(named), ctx.ip());
        json.answer(ctx, 202, new ReadyAnswer(true));
    }

    @Operation(
            summary = "Who is at an agent's door?",
            security = @SecurityRequirement(name = "agent"))
    @RequestBody(
            required = true,
            content = @Content(schema = @Schema(implementation = TokenRequest.class)))
    @ApiResponse(
            responseCode = "200",
            description = "the token's user, and whether the container is theirs",
            content = @Content(schema = @Schema(implementation = AuthorizeAnswer.class)))
    @ApiResponse(responseCode = "400", description = "no token is named")
    @ApiResponse(
            responseCode = "401",
            description = "the API key is missing, unknown or over, or the token does not verify")
    void authorize(Context ctx) {
        var agent = known(key(ctx)).orElseThrow(() -> refused("the API key is not valid"));
        var user = callers.verified(token(ctx, json)).user();
        var owner = agent.allocation().owner().equals(user);
        json.answer(ctx, 200, new AuthorizeAnswer(user.value(), owner));
    }

    @Operation(
            summary = "Which shares of an agent's container let somebody in?",
            description = "An agent asks while guests are connected, and ends the others.",
            security = @SecurityRequirement(name = "agent"))
    @ApiResponse(
            responseCode = "200",
            description = "their ids",
            content = @Content(schema = @Schema(implementation = ValidShares.class)))
    @ApiResponse(responseCode = "401", description = "the API key is missing, unknown or over")
    void validShares(Context ctx) {
        var agent = known(key(ctx)).orElseThrow(() -> refused("the API key is not valid"));
        var valid =
                gateway.stream()
                        .flatMap(
                                there ->
                                        there
                                                .shares()
                                                .of(
                                                        agent.allocation().id(),
                                                        there.clock().instant())
                                                .stream())
                        .map(Share::id)
                        .toList();
        json.answer(ctx, 200, new ValidShares(valid));
    }

    @Operation(
            summary = "An agent's container ran into a limit, and lives on",
            description =
                    "Its owner finds it among the container's events. Rate-limited by address.",
            security = @SecurityRequirement(name = "agent"))
    @RequestBody(
            required = true,
            content = @Content(schema = @Schema(implementation = LimitRequest.class)))
    @ApiResponse(
            responseCode = "202",
            description = "told",
            content = @Content(schema = @Schema(implementation = ReadyAnswer.class)))
    @ApiResponse(responseCode = "400", description = "no such limit is known")
    @ApiResponse(responseCode = "401", description = "the API key is missing, unknown or over")
    @ApiResponse(responseCode = "429", description = "too many calls from this address")
    void limits(Context ctx) {
        hints.count(ctx);
        var agent = known(key(ctx)).orElseThrow(() -> refused("the API key is not valid"));
        var request = json.read(ctx, LimitRequest.class);
        int times = request.times() == null ? 1 : Math.max(1, request.times());
        allocations.noticed(agent.allocation().id(), limit(request.limit()), times);
        json.answer(ctx, 202, new ReadyAnswer(true));
    }

    private static ReachedLimit limit(@Nullable String named) {
        return switch (named) {
            case "memory" -> ReachedLimit.MEMORY;
            case "processes" -> ReachedLimit.PROCESSES;
            case null, default ->
                    throw ProblemException.invalid("limit must be memory or processes");
        };
    }

    /** The token in the request's body. */
    static Secret token(Context ctx, WireJson json) {
        var token = json.read(ctx, TokenRequest.class).token();
        if (token == null || token.isEmpty()) {
            throw ProblemException.invalid("token is missing: send {\"token\": \"<JWT>\"}");
        }
        return new Secret(token);
    }

    private Optional<KnownAgent> known(Secret key) {
        return agents.byApiKeyHash(ApiKeys.hash(key));
    }

    private static Secret key(Context ctx) {
        var key = ctx.header(KEY);
        if (key == null || key.isBlank()) {
            throw refused("an API key is needed: send " + KEY);
        }
        return new Secret(key.strip());
    }

    private static ProblemException refused(String why) {
        return new ProblemException(ProblemKind.UNAUTHENTICATED, why)
                .header("WWW-Authenticate", "ApiKey realm=\"runtime-bridge\"");
    }

    private static ContainerRef reference(@Nullable String named) {
        try {
            return new ContainerRef(named == null ? "" : named);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid(
                    "container must be its provider's name: 1 to 255 printable characters");
        }
    }
}
