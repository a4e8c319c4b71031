package dev.runtimebridge.cli;

import com.fasterxml.jackson.annotation.JsonProperty;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the client reads of the API's answers; fields that it does not use are skipped. */
final class Wire {
    private Wire() {}

    /** A user's container; what is not known yet is null. */
    record Container(
            String id,
            @JsonProperty("image_id") long imageId,
            String slot,
            String state,
            @Nullable String url,
            @Nullable Integer port,
            @JsonProperty("created_at") Instant createdAt,
            @JsonProperty("end_reason") @Nullable Reason endReason,
            @JsonProperty("proxy_url") @Nullable URI proxyUrl) {
        boolean active() {
            return state.equals("active");
        }

        /** What to know of one that runs on, but will be taken away soon. */
        Optional<String> warning() {
            return Optional.ofNullable(endReason)
                    .filter(_ -> active())
                    .map(why -> id + " will be taken away: " + why.text());
        }

        boolean ending() {
            return state.equals("ending");
        }

        boolean ended() {
            return state.equals("ended");
        }

        String address() {
            return url == null || port == null ? "" : url + ":" + port;
        }
    }

    /** Why a container ended. */
    record Reason(String code, String detail, @Nullable String hint) {
        String text() {
            return hint == null ? detail : detail + "; " + hint;
        }
    }

    record Containers(List<Container> containers) {}

    /** An image of the catalogue. */
    record Image(
            long id,
            String name,
            @JsonProperty("language_name") String language,
            boolean available) {}

    record Runtimes(List<Image> image) {}

    /** An image of the catalogue, as administrators see it. */
    record CatalogImage(
            long id,
            String name,
            String language,
            int revision,
            @JsonProperty("local_command") String localCommand,
            @JsonProperty("container_image") String containerImage,
            @JsonProperty("task_definition") String taskDefinition,
            @JsonProperty("cpu_millis") int cpuMillis,
            @JsonProperty("memory_mib") int memoryMib,
            String architecture,
            @JsonProperty("price_usd_per_hour") String priceUsdPerHour,
            boolean enabled,
            boolean available,
            long version) {
        /** As everybody sees it. */
        Image plain() {
            return new Image(id, name, language, available);
        }

        String state() {
            if (!enabled) {
                return "disabled";
            }
            return available ? "available" : "unavailable";
        }
    }

    record Catalogue(List<CatalogImage> images) {}

    /** How to log in to a container. */
    record Login(
            String host,
            int port,
            String user,
            String password,
            @JsonProperty("host_key") String hostKey) {
        @Override
        public String toString() {
            return "login of " + user + " at " + host + ":" + port + " [password hidden]";
        }
    }

    /** A step of a launch or an end. */
    record Step(String phase, Instant at, String detail) {
        boolean last() {
            return phase.equals("ended");
        }
    }

    record Launch(@JsonProperty("image_id") long imageId, String slot) {}

    record Problem(@Nullable String detail, @Nullable String error) {}
}
