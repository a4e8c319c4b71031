package dev.runtimebridge.http.wire;

import com.fasterxml.jackson.annotation.JsonProperty;

import io.swagger.v3.oas.annotations.media.Schema;

import org.jspecify.annotations.Nullable;

/** What to share, and for how long. */
public record ShareRequest(
        @Schema(
                        example = "3000",
                        minimum = "1",
                        maximum = "65535",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                @Nullable Integer port,
        @JsonProperty("expires_in")
                @Schema(
                        description = "seconds until it ends; it ends with the container anyway",
                        minimum = "60",
                        maximum = "604800",
                        defaultValue = "3600")
                @Nullable Integer expiresIn) {}
