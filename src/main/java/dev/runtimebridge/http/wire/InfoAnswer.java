package dev.runtimebridge.http.wire;

import com.fasterxml.jackson.annotation.JsonProperty;

import io.swagger.v3.oas.annotations.media.Schema;

/** What an agent needs to log in to its own container. The first five fields are version 1's. */
public record InfoAnswer(
        @JsonProperty("cont_ip")
                @Schema(example = "10.0.3.17", requiredMode = Schema.RequiredMode.REQUIRED)
                String ip,
        @JsonProperty("cont_port")
                @Schema(example = "8000", requiredMode = Schema.RequiredMode.REQUIRED)
                int port,
        @JsonProperty("cont_user")
                @Schema(example = "together", requiredMode = Schema.RequiredMode.REQUIRED)
                String user,
        @JsonProperty("cont_auth_type")
                @Schema(example = "password", requiredMode = Schema.RequiredMode.REQUIRED)
                String authType,
        @JsonProperty("cont_auth") @Schema(requiredMode = Schema.RequiredMode.REQUIRED) String auth,
        @JsonProperty("ssh_port")
                @Schema(example = "22", requiredMode = Schema.RequiredMode.REQUIRED)
                int sshPort,
        @JsonProperty("host_key")
                @Schema(
                        description = "the SSH server's public key as OpenSSH writes it",
                        example = "ssh-ed25519 AAAA...",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                String hostKey) {
    @Override
    public String toString() {
        return "login of " + user + " at " + ip + " [secret hidden]";
    }
}
