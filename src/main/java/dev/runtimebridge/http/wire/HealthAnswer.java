package dev.runtimebridge.http.wire;

import io.swagger.v3.oas.annotations.media.Schema;

/** The process is alive. */
public record HealthAnswer(
        @Schema(example = "ok", requiredMode = Schema.RequiredMode.REQUIRED) String status) {}
