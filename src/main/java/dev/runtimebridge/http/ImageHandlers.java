package dev.runtimebridge.http;

import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.catalog.CatalogAdmin;
import dev.runtimebridge.catalog.CatalogAdmin.Outcome;
import dev.runtimebridge.catalog.CatalogEntry;
import dev.runtimebridge.http.wire.ImageAnswer;
import dev.runtimebridge.http.wire.ImageList;
import dev.runtimebridge.http.wire.ImageRequest;

import io.javalin.http.Context;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.function.Supplier;
import java.util.regex.Pattern;

/** The catalogue, for administrators. */
@Tag(name = "administration")
final class ImageHandlers {
    private static final Logger LOG = LoggerFactory.getLogger(ImageHandlers.class);
    private static final Pattern ID = Pattern.compile("[1-9][0-9]{0,17}");
    private static final String NOT_AN_ADMINISTRATOR =
            "the token's user has not the role of administrators";

    private final CatalogAdmin catalog;
    private final Callers callers;
    private final WireJson json;

    ImageHandlers(CatalogAdmin catalog, Callers callers, WireJson json) {
        this.catalog = catalog;
        this.callers = callers;
        this.json = json;
    }

    @Operation(summary = "Every image", security = @SecurityRequirement(name = "token"))
    @ApiResponse(
            responseCode = "200",
            description = "they",
            content = @Content(schema = @Schema(implementation = ImageList.class)))
    @ApiResponse(responseCode = "401", description = "no token, or one that does not verify")
    @ApiResponse(responseCode = "403", description = NOT_AN_ADMINISTRATOR)
    void images(Context ctx) {
        callers.administrator(ctx);
        json.answer(ctx, 200, new ImageList(catalog.entries().stream().map(this::body).toList()));
    }

    @Operation(summary = "One image", security = @SecurityRequirement(name = "token"))
    @Parameter(name = "id", in = ParameterIn.PATH, description = "the image's id")
    @ApiResponse(
            responseCode = "200",
            description = "it",
            headers =
                    @Header(
                            name = "ETag",
                            description = "its version",
                            schema = @Schema(type = "string")),
            content = @Content(schema = @Schema(implementation = ImageAnswer.class)))
    @ApiResponse(responseCode = "401", description = "no token, or one that does not verify")
    @ApiResponse(responseCode = "403", description = NOT_AN_ADMINISTRATOR)
    @ApiResponse(responseCode = "404", description = "there is no such image")
    void image(Context ctx) {
        callers.administrator(ctx);
        answer(ctx, 200, catalog.entry(id(ctx)).orElseThrow(ImageHandlers::nothing));
    }

    @Operation(
            summary = "Add an image",
            description =
                    "Needs a name, a language, CPU, memory and something to run. Its id is new and"
                            + " stays.",
            security = @SecurityRequirement(name = "token"))
    @RequestBody(
            required = true,
            content = @Content(schema = @Schema(implementation = ImageRequest.class)))
    @ApiResponse(
            responseCode = "201",
            description = "added",
            headers = {
                @Header(
                        name = "ETag",
                        description = "its version",
                        schema = @Schema(type = "string")),
                @Header(
                        name = "Location",
                        description = "where it is",
                        schema = @Schema(type = "string"))
            },
            content = @Content(schema = @Schema(implementation = ImageAnswer.class)))
    @ApiResponse(
            responseCode = "400",
            description = "something is missing, unknown or not what it must be")
    @ApiResponse(responseCode = "401", description = "no token, or one that does not verify")
    @ApiResponse(responseCode = "403", description = NOT_AN_ADMINISTRATOR)
    @ApiResponse(
            responseCode = "409",
            description = "an image of this language has this name: `id` says which")
    void addImage(Context ctx) {
        var caller = callers.administrator(ctx);
        var request = json.readExactly(ctx, ImageRequest.class);
        var added = done(checked(() -> catalog.add(request.change())));
        LOG.info("user {} added image {}", caller.user(), added.id());
        ctx.header("Location", "/api/admin/images/" + added.id());
        answer(ctx, 201, added);
    }

    @Operation(
            summary = "Change an image, switch it on or off",
            description =
                    "What the body leaves out stays as it is. A change of what runs (command, image"
                        + " or task definition, CPU, memory, architecture) counts the revision up:"
                        + " containers of the earlier one stay with their users and serve no new"
                        + " launch. Other bridges follow within seconds.",
            security = @SecurityRequirement(name = "token"))
    @Parameter(name = "id", in = ParameterIn.PATH, description = "the image's id")
    @Parameter(
            name = "If-Match",
            in = ParameterIn.HEADER,
            required = true,
            description =
                    "the ETag of what you saw: it is changed only if it is still that; `*` changes"
                            + " it in any case",
            example = "\"0\"")
    @RequestBody(
            required = true,
            content = @Content(schema = @Schema(implementation = ImageRequest.class)))
    @ApiResponse(
            responseCode = "200",
            description = "changed, or so already",
            headers =
                    @Header(
                            name = "ETag",
                            description = "its version",
                            schema = @Schema(type = "string")),
            content = @Content(schema = @Schema(implementation = ImageAnswer.class)))
    @ApiResponse(responseCode = "400", description = "a field is unknown or not what it must be")
    @ApiResponse(responseCode = "401", description = "no token, or one that does not verify")
    @ApiResponse(responseCode = "403", description = NOT_AN_ADMINISTRATOR)
    @ApiResponse(responseCode = "404", description = "there is no such image")
    @ApiResponse(
            responseCode = "409",
            description = "another image of this language has this name: `id` says which")
    @ApiResponse(responseCode = "412", description = "it is no longer what If-Match names")
    @ApiResponse(responseCode = "428", description = "If-Match is missing")
    void changeImage(Context ctx) {
        var caller = callers.administrator(ctx);
        var id = id(ctx);
        var seen = IfMatch.of(ctx);
        var request = json.readExactly(ctx, ImageRequest.class);
        var changed = done(checked(() -> catalog.change(id, request.change(), seen)));
        LOG.info(
                "user {} changed image {}: now version {}, revision {}, {}",
                caller.user(),
                id,
                changed.version(),
                changed.revision(),
                changed.details().enabled() ? "on" : "off");
        answer(ctx, 200, changed);
    }

    private static CatalogEntry done(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done(var entry) -> entry;
            case Outcome.NoSuchImage() -> throw nothing();
            case Outcome.NameTaken(var by) ->
                    throw new ProblemException(
                                    ProblemKind.NAME_TAKEN,
                                    "image " + by + " of this language has this name already")
                            .field("id", by.value());
            case Outcome.ChangedMeanwhile() ->
                    throw new ProblemException(
                            ProblemKind.CHANGED_MEANWHILE,
                            "the image was changed meanwhile: look at it and decide anew");
        };
    }

    private void answer(Context ctx, int status, CatalogEntry entry) {
        ctx.header("ETag", IfMatch.tag(entry.version()));
        json.answer(ctx, status, body(entry));
    }

    private ImageAnswer body(CatalogEntry entry) {
        return ImageAnswer.of(entry, catalog.available(entry));
    }

    /** The id in the path; what is no id cannot be found either. */
    private static ImageId id(Context ctx) {
        var text = ctx.pathParam("id");
        if (!ID.matcher(text).matches()) {
            throw nothing();
        }
        return new ImageId(Long.parseLong(text));
    }

    private static ProblemException nothing() {
        return new ProblemException(ProblemKind.NOT_FOUND, "there is no image with this id");
    }

    /** What the catalogue refuses is the caller's fault here. */
    private static <T> T checked(Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid(String.valueOf(e.getMessage()));
        }
    }
}
