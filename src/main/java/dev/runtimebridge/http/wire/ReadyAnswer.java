package dev.runtimebridge.http.wire;

import io.swagger.v3.oas.annotations.media.Schema;

/** Heard; whether it was believed is not told. */
public record ReadyAnswer(@Schema(requiredMode = Schema.RequiredMode.REQUIRED) boolean heard) {}
