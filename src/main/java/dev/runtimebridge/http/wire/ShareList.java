package dev.runtimebridge.http.wire;

import io.swagger.v3.oas.annotations.media.Schema;

import java.util.List;

/** A container's shares that let somebody in now, oldest first. */
public record ShareList(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) List<ShareAnswer> shares) {
    public ShareList {
        shares = List.copyOf(shares);
    }
}
