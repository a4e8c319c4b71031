package dev.runtimebridge.http.wire;

import com.fasterxml.jackson.annotation.JsonProperty;

import io.swagger.v3.oas.annotations.media.Schema;

import org.jspecify.annotations.Nullable;

/** What to launch. */
public record LaunchRequest(
        @JsonProperty("image_id")
                @Schema(
                        description = "an image of the catalogue",
                        example = "1",
                        minimum = "1",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                @Nullable Long imageId,
        @Schema(
                        description =
                                "tells several containers of one image apart; empty unless named",
                        pattern = "[a-z0-9-]{0,32}",
                        example = "")
                @Nullable String slot) {}
