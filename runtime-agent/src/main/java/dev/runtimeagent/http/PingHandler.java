package dev.runtimeagent.http;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;

import org.json.JSONWriter;

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
            @Schema(
                            name = "key_status",
                            description =
                                    "the bridge accepted this container's API key at least once")
                    boolean keyStatus,
            @Schema(description = "the provider's reference of this container") String container)
            implements Wire {
        @Override
        public void write(JSONWriter fields) {
            fields.key("ping")
                    .value(ping)
                    .key("init")
                    .value(init)
                    .key("key_status")
                    .value(keyStatus)
                    .key("container")
                    .value(container);
        }
    }

    /** Answers as soon as a proof can be verified. */
    @Operation(summary = "Is the agent there?", tags = "container")
    @ApiResponse(
            responseCode = "200",
            description = "It is, and can be initialised",
            content = @Content(schema = @Schema(implementation = Pong.class)))
    Pong ping(Exchange exchange) {
        return new Pong("pong", initialised.getAsBoolean(), keyAccepted.getAsBoolean(), container);
    }
}
