package dev.runtimebridge.http.wire;

import com.fasterxml.jackson.annotation.JsonProperty;

import dev.runtimebridge.catalog.CatalogEntry;

import io.swagger.v3.oas.annotations.media.Schema;

import java.util.Locale;

/** An image of the catalogue, as administrators see it. */
public record ImageAnswer(
        @Schema(example = "1", requiredMode = Schema.RequiredMode.REQUIRED) long id,
        @Schema(example = "Python 3", requiredMode = Schema.RequiredMode.REQUIRED) String name,
        @Schema(example = "python", requiredMode = Schema.RequiredMode.REQUIRED) String language,
        @Schema(
                        description =
                                "counts the changes of what runs; containers of an earlier one"
                                        + " serve no new launch",
                        example = "1",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                int revision,
        @JsonProperty("local_command")
                @Schema(
                        description = "the program that must be there for the local provider",
                        example = "python3",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                String localCommand,
        @JsonProperty("container_image")
                @Schema(
                        description = "a container image, for Docker",
                        example = "registry.example/python:3",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                String containerImage,
        @JsonProperty("task_definition")
                @Schema(
                        description = "an ECS task definition with its revision, for Fargate",
                        example = "runtime-python:7",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                String taskDefinition,
        @JsonProperty("cpu_millis")
                @Schema(
                        description = "thousandths of a core",
                        example = "250",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                int cpuMillis,
        @JsonProperty("memory_mib")
                @Schema(
                        description = "MiB",
                        example = "512",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                int memoryMib,
        @Schema(
                        allowableValues = {"x86_64", "arm64"},
                        requiredMode = Schema.RequiredMode.REQUIRED)
                String architecture,
        @JsonProperty("price_usd_per_hour")
                @Schema(
                        description = "of one container, in US dollars, exact; 0 where nobody said",
                        example = "0.0123425",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                String priceUsdPerHour,
        @Schema(
                        description = "whether an administrator lets it be launched",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                boolean enabled,
        @Schema(
                        description =
                                "whether it can be launched now: switched on, and there is"
                                        + " something to run it with",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                boolean available,
        @Schema(
                        description = "counts every change; the ETag without its quotes",
                        example = "0",
                        requiredMode = Schema.RequiredMode.REQUIRED)
                long version) {

    /** As it is stored. */
    public static ImageAnswer of(CatalogEntry entry, boolean available) {
        var details = entry.details();
        return new ImageAnswer(
                entry.id().value(),
                details.name(),
                details.language(),
                entry.revision(),
                details.run().localCommand(),
                details.run().containerImage(),
                details.run().taskDefinition(),
                details.size().cpuMillis(),
                details.size().memoryMebibytes(),
                details.size().architecture().name().toLowerCase(Locale.ROOT),
                details.priceUsdPerHour().toPlainString(),
                details.enabled(),
                available,
                entry.version());
    }
}
