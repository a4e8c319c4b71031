package dev.runtimebridge.http.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

import dev.runtimebridge.allocation.Allocation;
import dev.runtimebridge.allocation.EndReason;
import dev.runtimebridge.allocation.Fault;
import dev.runtimebridge.provider.Address;

import io.swagger.v3.oas.annotations.media.Schema;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.Optional;

/** A user's container. What is not known yet is left out. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ContainerAnswer(
        @Schema(description = "where the container is, a numeric IP address", example = "10.0.3.17")
                @Nullable String url,
        @Schema(description = "the port of its agent", example = "8000") @Nullable Integer port,
        @Schema(
                        description = "names it in this API; the same while it lives",
                        example = "mfrggzdfmztwq2lknnwg23tpob",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                String id,
        @JsonProperty("image_id")
                @Schema(example = "3", requiredMode = Schema.RequiredMode.REQUIRED)
                long imageId,
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) String slot,
        @Schema(
                        allowableValues = {"waiting", "binding", "active", "ending", "ended"},
                        requiredMode = Schema.RequiredMode.REQUIRED)
                String state,
        @JsonProperty("created_at")
                @Schema(
                        description = "when it was asked for",
                        format = "date-time",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                String createdAt,
        @JsonProperty("active_at")
                @Schema(description = "when it could first be used", format = "date-time")
                @Nullable String activeAt,
        @JsonProperty("ended_at") @Schema(description = "when it was over", format = "date-time")
                @Nullable String endedAt,
        @JsonProperty("end_reason")
                @Schema(
                        description =
                                "why it ends or ended; with state `active`: it will be taken away"
                                        + " soon, and the next launch gives another one")
                @Nullable Reason endReason,
        @JsonProperty("proxy_url")
                @Schema(
                        description =
                                "the agent's address through the gateway, where there is one; other"
                                        + " ports have the same with their number",
                        example = "https://8000-mfrggzdfmztwq2lknnwg23tpob.localhost:8443")
                @Nullable String proxyUrl,
        @JsonProperty("open_url")
                @Schema(
                        description =
                                "opened in a browser within five minutes, once, it lets its owner"
                                        + " in at the gateway; only in the answer to a launch")
                @Nullable String openUrl) {

    /** Why it ends or ended. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "EndReason")
    public record Reason(
            @Schema(
                            description = "for machines",
                            example = "stopped_by_owner",
                            requiredMode = Schema.RequiredMode.REQUIRED)
                    String code,
            @Schema(description = "for people", requiredMode = Schema.RequiredMode.REQUIRED)
                    String detail,
            @Schema(description = "what went wrong, for machines", example = "capacity")
                    @Nullable String cause,
            @Schema(
                            description = "who can mend that",
                            allowableValues = {"user", "admin", "provider"})
                    @Nullable String owner,
            @Schema(description = "what to do about it, for people") @Nullable String hint) {
        static Reason of(EndReason reason) {
            var fault = reason.fault();
            return new Reason(
                    reason.code().name().toLowerCase(Locale.ROOT),
                    reason.detail(),
                    fault.map(Fault::kind).orElse(null),
                    fault.map(f -> f.owner().name().toLowerCase(Locale.ROOT)).orElse(null),
                    fault.map(Fault::hint).filter(hint -> !hint.isEmpty()).orElse(null));
        }
    }

    /** As the owner sees it. */
    public static ContainerAnswer of(Allocation allocation, Optional<Address> address) {
        return new ContainerAnswer(
                address.map(Address::ip).orElse(null),
                address.map(Address::port).orElse(null),
                allocation.id().value(),
                allocation.image().value(),
                allocation.slot().value(),
                allocation.state().name().toLowerCase(Locale.ROOT),
                Times.iso(allocation.createdAt()),
                allocation.activeAt().map(Times::iso).orElse(null),
                allocation.endedAt().map(Times::iso).orElse(null),
                allocation.endReason().map(Reason::of).orElse(null),
                null,
                null);
    }

    /** The same with its addresses at the gateway. */
    public ContainerAnswer at(String proxy, @Nullable String open) {
        return new ContainerAnswer(
                url, port, id, imageId, slot, state, createdAt, activeAt, endedAt, endReason, proxy,
                open);
    }
}
