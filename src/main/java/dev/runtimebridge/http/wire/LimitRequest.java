package dev.runtimebridge.http.wire;

import io.swagger.v3.oas.annotations.media.Schema;

import org.jspecify.annotations.Nullable;

/** A limit that an agent's container ran into. */
public record LimitRequest(
        @Schema(
                        allowableValues = {"memory", "processes"},
                        requiredMode = Schema.RequiredMode.REQUIRED)
                @Nullable String limit,
        @Schema(description = "how often since the last call", minimum = "1", example = "3")
                @Nullable Integer times) {}
