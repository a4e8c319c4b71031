package dev.runtimebridge.http.wire;

import io.swagger.v3.oas.annotations.media.Schema;

import java.util.List;

/** The catalogue, as administrators see it. */
public record ImageList(
        @Schema(
                        description = "by id, switched-off ones included",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                List<ImageAnswer> images) {
    public ImageList {
        images = List.copyOf(images);
    }
}
