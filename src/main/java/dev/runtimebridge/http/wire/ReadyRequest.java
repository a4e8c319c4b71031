package dev.runtimebridge.http.wire;

import io.swagger.v3.oas.annotations.media.Schema;

import org.jspecify.annotations.Nullable;

/** An agent's call home. */
public record ReadyRequest(
        @Schema(
                        description = "the provider's name for the container: 1 to 255 characters",
                        minLength = 1,
                        maxLength = 255,
                        requiredMode = Schema.RequiredMode.REQUIRED)
                @Nullable String container) {}
