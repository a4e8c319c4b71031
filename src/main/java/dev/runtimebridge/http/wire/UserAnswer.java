package dev.runtimebridge.http.wire;

import io.swagger.v3.oas.annotations.media.Schema;

import org.jspecify.annotations.Nullable;

/** Who is asking. */
public record UserAnswer(
        @Schema(
                        types = {"string", "null"},
                        example = "a@b.c",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                @Nullable String email,
        @Schema(
                        description = "the user's id, as the token writes it",
                        example = "7",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                String user) {}
