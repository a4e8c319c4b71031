package dev.runtimebridge.http.wire;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.swagger.v3.oas.annotations.media.Schema;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** The bridge can serve. */
public record ReadinessAnswer(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) boolean ready,
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) List<CheckAnswer> checks) {
    public ReadinessAnswer {
        checks = List.copyOf(checks);
    }

    /** One thing that must be well. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record CheckAnswer(
            @Schema(example = "database", requiredMode = Schema.RequiredMode.REQUIRED) String name,
            @Schema(requiredMode = Schema.RequiredMode.REQUIRED) boolean ready,
            @Schema(description = "why not") @Nullable String why) {}
}
