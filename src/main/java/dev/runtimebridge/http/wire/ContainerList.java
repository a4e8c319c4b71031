package dev.runtimebridge.http.wire;

import io.swagger.v3.oas.annotations.media.Schema;

import java.util.List;

/** A user's containers. */
public record ContainerList(
        @Schema(
                        description =
                                "live ones, oldest first, after those that are over if they were"
                                        + " asked for",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                List<ContainerAnswer> containers) {
    public ContainerList {
        containers = List.copyOf(containers);
    }
}
