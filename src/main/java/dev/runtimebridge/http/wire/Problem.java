package dev.runtimebridge.http.wire;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonProperty;

import io.swagger.v3.oas.annotations.media.Schema;

import java.util.Map;

/** Every error's body: RFC 9457, and {@code error} for clients of version 1. */
public record Problem(
        @Schema(
                        description = "names the kind of problem, for machines",
                        example = "urn:runtime-bridge:problem:too-many-containers",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                String type,
        @Schema(
                        description = "the kind of problem, for people",
                        example = "Too many containers",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                String title,
        @Schema(
                        description = "the HTTP status",
                        example = "429",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                int status,
        @Schema(
                        description = "what is wrong here, and what to do",
                        example = "you have 5 containers already, the most there may be: stop one",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                String detail,
        @Schema(
                        description = "the same sentence, where clients of version 1 look for it",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                String error,
        @JsonProperty("request_id")
                @Schema(
                        description = "names this request in the server's log",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                String requestId,
        @JsonAnyGetter @Schema(hidden = true) Map<String, Object> more) {}
