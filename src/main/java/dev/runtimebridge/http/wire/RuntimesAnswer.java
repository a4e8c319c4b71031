package dev.runtimebridge.http.wire;

import com.fasterxml.jackson.annotation.JsonProperty;

import io.swagger.v3.oas.annotations.media.Schema;

import java.util.List;

/** What can be launched. */
public record RuntimesAnswer(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) List<ImageEntry> image,
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) List<LanguageEntry> language) {
    public RuntimesAnswer {
        image = List.copyOf(image);
        language = List.copyOf(language);
    }

    /** An image of the catalogue. */
    public record ImageEntry(
            @Schema(example = "1", requiredMode = Schema.RequiredMode.REQUIRED) long id,
            @Schema(example = "Python 3.12", requiredMode = Schema.RequiredMode.REQUIRED)
                    String name,
            @JsonProperty("language_name")
                    @Schema(example = "python", requiredMode = Schema.RequiredMode.REQUIRED)
                    String languageName,
            @Schema(
                            description = "whether it can be launched",
                            requiredMode = Schema.RequiredMode.REQUIRED)
                    boolean available) {}

    /** A language that images are grouped by. */
    public record LanguageEntry(
            @Schema(example = "python", requiredMode = Schema.RequiredMode.REQUIRED) String name,
            @Schema(
                            description = "its place in a list, lowest first",
                            requiredMode = Schema.RequiredMode.REQUIRED)
                    int order) {}
}
