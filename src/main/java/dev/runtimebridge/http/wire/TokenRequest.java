package dev.runtimebridge.http.wire;

import io.swagger.v3.oas.annotations.media.Schema;

import org.jspecify.annotations.Nullable;

/** A user's token to be checked. */
public record TokenRequest(
        @Schema(description = "a JWT", requiredMode = Schema.RequiredMode.REQUIRED)
                @Nullable String token) {
    @Override
    public String toString() {
        return "[token]";
    }
}
