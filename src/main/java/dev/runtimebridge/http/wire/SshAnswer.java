package dev.runtimebridge.http.wire;

import com.fasterxml.jackson.annotation.JsonProperty;

import io.swagger.v3.oas.annotations.media.Schema;

/** How to log in to a container over SSH. */
public record SshAnswer(
        @Schema(example = "10.0.3.17", requiredMode = Schema.RequiredMode.REQUIRED) String host,
        @Schema(example = "22", requiredMode = Schema.RequiredMode.REQUIRED) int port,
        @Schema(example = "together", requiredMode = Schema.RequiredMode.REQUIRED) String user,
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) String password,
        @JsonProperty("host_key")
                @Schema(
                        description =
                                "the server's public key as OpenSSH writes it; empty where an older"
                                        + " agent did not say",
                        example = "ssh-ed25519 AAAA...",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                String hostKey,
        @JsonProperty("host_key_fingerprint")
                @Schema(
                        description =
                                "its SHA-256 as OpenSSH prints it; empty where there is no key",
                        example = "SHA256:0TKUqTYHzdHvQsnYZKiq2ABWkAGeJQU9flVGpsrwiSg",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                String hostKeyFingerprint) {
    @Override
    public String toString() {
        return "ssh " + user + "@" + host + " port " + port + " [password hidden]";
    }
}
