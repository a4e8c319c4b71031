package dev.runtimebridge.http.wire;

import com.fasterxml.jackson.annotation.JsonProperty;

import dev.runtimebridge.gateway.Share;

import io.swagger.v3.oas.annotations.media.Schema;

import java.net.URI;

/** A link by which others see one port of a container. */
public record ShareAnswer(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) String id,
        @Schema(example = "3000", requiredMode = Schema.RequiredMode.REQUIRED) int port,
        @Schema(
                        description = "whoever has it gets in until then",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                String url,
        @JsonProperty("created_at")
                @Schema(format = "date-time", requiredMode = Schema.RequiredMode.REQUIRED)
                String createdAt,
        @JsonProperty("expires_at")
                @Schema(format = "date-time", requiredMode = Schema.RequiredMode.REQUIRED)
                String expiresAt) {

    /** As its owner sees it. */
    public static ShareAnswer of(Share share, URI url) {
        return new ShareAnswer(
                share.id(),
                share.port(),
                url.toString(),
                Times.iso(share.createdAt()),
                Times.iso(share.expiresAt()));
    }
}
