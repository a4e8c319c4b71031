package dev.runtimebridge.http.wire;

import io.swagger.v3.oas.annotations.media.Schema;

/** The bridge is there. */
public record PingAnswer(
        @Schema(example = "pong", requiredMode = Schema.RequiredMode.REQUIRED) String ping) {}
