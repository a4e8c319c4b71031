package dev.runtimebridge.http;

import dev.runtimebridge.http.Readiness.Check;
import dev.runtimebridge.http.wire.HealthAnswer;
import dev.runtimebridge.http.wire.PingAnswer;
import dev.runtimebridge.http.wire.ReadinessAnswer;
import dev.runtimebridge.http.wire.ReadinessAnswer.CheckAnswer;

import io.javalin.http.Context;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;

import java.util.stream.Collectors;

/** Whether the bridge is well. */
@Tag(name = "health")
final class HealthHandlers {
    private final Readiness readiness;
    private final ApiSettings settings;
    private final WireJson json;

    HealthHandlers(Readiness readiness, ApiSettings settings, WireJson json) {
        this.readiness = readiness;
        this.settings = settings;
        this.json = json;
    }

    @Operation(summary = "Is the bridge there?")
    @ApiResponse(
            responseCode = "200",
            description = "yes",
            content = @Content(schema = @Schema(implementation = PingAnswer.class)))
    void ping(Context ctx) {
        json.answer(ctx, 200, new PingAnswer("pong"));
    }

    @Operation(
            summary = "Is the process alive?",
            description = "Asks nothing else: a bridge without its database is alive.")
    @ApiResponse(
            responseCode = "200",
            description = "yes",
            content = @Content(schema = @Schema(implementation = HealthAnswer.class)))
    void alive(Context ctx) {
        json.answer(ctx, 200, new HealthAnswer("ok"));
    }

    @Operation(summary = "Can the bridge serve?")
    @ApiResponse(
            responseCode = "200",
            description =
                    "yes; a check that is not ready then impairs some requests, and says which",
            content = @Content(schema = @Schema(implementation = ReadinessAnswer.class)))
    @ApiResponse(
            responseCode = "503",
            description = "no; the problem's `checks` say what is missing, and why")
    void ready(Context ctx) {
        ctx.header("Cache-Control", "no-store");
        var checks = readiness.checks();
        var answers =
                checks.stream()
                        .map(
                                check ->
                                        new CheckAnswer(
                                                check.name(),
                                                check.ready(),
                                                check.ready() ? null : check.why()))
                        .toList();
        var broken =
                checks.stream()
                        .filter(check -> !check.ready() && check.vital())
                        .map(HealthHandlers::sentence)
                        .collect(Collectors.joining("; "));
        if (!broken.isEmpty()) {
            throw new ProblemException(ProblemKind.UNAVAILABLE, broken)
                    .retryAfter(settings.retryAfter())
                    .field("checks", answers);
        }
        json.answer(ctx, 200, new ReadinessAnswer(true, answers));
    }

    private static String sentence(Check check) {
        return check.name() + ": " + check.why();
    }
}
