package dev.runtimebridge.http.wire;

import io.swagger.v3.oas.annotations.media.Schema;

import java.util.List;

/** The shares of an agent's container that let somebody in now, by their ids. */
public record ValidShares(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) List<String> shares) {
    public ValidShares {
        shares = List.copyOf(shares);
    }
}
