package dev.runtimebridge.http;

import dev.runtimebridge.catalog.Catalog;
import dev.runtimebridge.http.wire.RuntimesAnswer;
import dev.runtimebridge.http.wire.RuntimesAnswer.ImageEntry;
import dev.runtimebridge.http.wire.RuntimesAnswer.LanguageEntry;

import io.javalin.http.Context;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;

/** What can be launched. */
@Tag(name = "catalogue")
final class CatalogHandlers {
    private final Catalog catalog;
    private final WireJson json;

    CatalogHandlers(Catalog catalog, WireJson json) {
        this.catalog = catalog;
        this.json = json;
    }

    @Operation(summary = "What can be launched?")
    @ApiResponse(
            responseCode = "200",
            description = "images and languages",
            content = @Content(schema = @Schema(implementation = RuntimesAnswer.class)))
    void available(Context ctx) {
        var images =
                catalog.entries().stream()
                        .map(
                                entry ->
                                        new ImageEntry(
                                                entry.image().id().value(),
                                                entry.image().name(),
                                                entry.image().language(),
                                                entry.available()))
                        .toList();
        var languages =
                catalog.languages().stream()
                        .map(language -> new LanguageEntry(language.name(), language.order()))
                        .toList();
        json.answer(ctx, 200, new RuntimesAnswer(images, languages));
    }
}
