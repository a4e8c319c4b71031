package dev.runtimebridge.http.wire;

import io.swagger.v3.oas.annotations.media.Schema;

/** Who is at an agent's door. */
public record AuthorizeAnswer(
        @Schema(example = "7", requiredMode = Schema.RequiredMode.REQUIRED) String user,
        @Schema(
                        description = "whether the asking agent's container is this user's",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                boolean owner) {}
