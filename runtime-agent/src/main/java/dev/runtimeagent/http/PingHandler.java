package dev.runtimeagent.http;

import com.fasterxml.jackson.annotation.JsonProperty;

import io.javalin.http.Context;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;

import java.util.function.BooleanSupplier;

/** Tells that the agent is there, and what it knows of itself. */
public final class PingHandler {
    private final String container;
    private final BooleanSupplier initialised;
    private final BooleanSupplier keyAccepted;

    PingHandler(String container, BooleanSupplier initialised, BooleanSupplier keyAccepted) {
        this.container = container;
        this.initialised = initialised;
        this.keyAccepted = keyAccepted;
    }

    /** The answer to a ping. */
    @Schema(description = "The agent is there")
    public record Pong(
            @Schema(example = "pong") String ping,
            @Schema(description = "init has happened") boolean init,
            @Schema(description = "the bridge accepted this container's API key at least once")
                    @JsonProperty("key_status")
                    boolean keyStatus,
            @Schema(description = "the provider's reference of this container") String container) {}

    /** Answers as soon as a proof can be verified. */
    @Operation(summary = "Is the agent there?", tags = "container")
    @ApiResponse(
            responseCode = "200",
            description = "It is, and can be initialised",
            content = @Content(schema = @Schema(implementation = Pong.class)))
    public void ping(Context ctx) {
        ctx.json(
                new Pong(
                        "pong", initialised.getAsBoolean(), keyAccepted.getAsBoolean(), container));
    }
}
