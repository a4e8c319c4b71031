package dev.runtimebridge.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.security.SecurityScheme;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class OpenApiReaderTest {
    private static final List<Route> ROUTES =
            List.of(
                    new Route("POST", "/books", "lend", Library.class),
                    new Route("GET", "/books/{id}", "find", Library.class),
                    new Route("GET", "/books", "list", Library.class));

    private final OpenApiReader reader =
            new OpenApiReader(
                    new Info().title("Library").version("1"),
                    Map.of(
                            "token",
                            new SecurityScheme().type(SecurityScheme.Type.HTTP).scheme("bearer")),
                    new Errors(
                            "application/problem+json",
                            Fault.class,
                            Map.of("500", "the library burns"),
                            Map.of("415", "no form", "429", "never read")));

    @Test
    void aRouteCarriesItsSummaryTagBodyResponsesAndSecurity() throws Exception {
        var lend = read().at("/paths/~1books/post");

        assertThat(lend.at("/operationId").asText()).isEqualTo("lend");
        assertThat(lend.at("/summary").asText()).isEqualTo("Lends a book");
        assertThat(lend.at("/tags/0").asText()).isEqualTo("library");
        assertThat(lend.at("/requestBody/content/application~1json/schema/$ref").asText())
                .isEqualTo("#/components/schemas/Loan");
        assertThat(lend.at("/responses/429/headers/Retry-After/schema/type").asText())
                .isEqualTo("integer");
        assertThat(lend.at("/responses/200/content/application~1json/schema/$ref").asText())
                .isEqualTo("#/components/schemas/Book");
        assertThat(lend.at("/security/0").has("token")).isTrue();
    }

    @Test
    void recordsBecomeSchemasUnderTheirWireNames() throws Exception {
        var schemas = read().at("/components/schemas");

        assertThat(schemas.at("/Loan/properties/book_id/type").asText()).isEqualTo("integer");
        assertThat(schemas.at("/Book/properties/title/example").asText()).isEqualTo("Emma");
        assertThat(read().at("/components/securitySchemes/token/scheme").asText())
                .isEqualTo("bearer");
    }

    @Test
    void whatGoesWithoutSayingOfErrorsIsAdded() throws Exception {
        var lend = read().at("/paths/~1books/post/responses");
        var find = read().at("/paths/~1books~1{id}/get/responses");

        assertThat(lend.fieldNames()).toIterable().containsExactly("200", "415", "429", "500");
        assertThat(lend.at("/429/description").asText()).isEqualTo("too many");
        for (var status : new String[] {"415", "429", "500"}) {
            assertThat(
                            lend.at("/" + status)
                                    .at("/content/application~1problem+json/schema/$ref")
                                    .asText())
                    .isEqualTo("#/components/schemas/Fault");
        }
        assertThat(find.fieldNames()).toIterable().containsExactly("204", "500");
        assertThat(find.at("/204").has("content")).isFalse();
        assertThat(read().at("/components/schemas/Fault/properties/why").isMissingNode()).isFalse();
    }

    @Test
    void pathParametersAreRequired() throws Exception {
        var parameter = read().at("/paths/~1books~1{id}/get/parameters/0");

        assertThat(parameter.at("/in").asText()).isEqualTo("path");
        assertThat(parameter.at("/required").asBoolean()).isTrue();
        assertThat(parameter.at("/schema/type").asText()).isEqualTo("string");
    }

    @Test
    void listsBecomeArrays() throws Exception {
        var schema = read().at("/paths/~1books/get/responses/200/content/application~1json/schema");

        assertThat(schema.at("/type").asText()).isEqualTo("array");
        assertThat(schema.at("/items/$ref").asText()).isEqualTo("#/components/schemas/Book");
    }

    @Test
    void theSameRoutesGiveTheSameYaml() {
        assertThat(OpenApiReader.yaml(reader.read(ROUTES)))
                .isEqualTo(OpenApiReader.yaml(reader.read(ROUTES)))
                .startsWith("openapi: 3.1.0\n")
                .endsWith("\n");
    }

    @Test
    void aRouteWithoutADocumentedHandlerIsRefused() {
        assertThatThrownBy(
                        () ->
                                reader.read(
                                        List.of(
                                                new Route(
                                                        "GET",
                                                        "/secret",
                                                        "secret",
                                                        Library.class))))
                .hasMessageContaining("GET /secret")
                .hasMessageContaining("no method secret with @Operation");
    }

    @Test
    void aPathParameterThatIsNotDocumentedIsRefused() {
        assertThatThrownBy(
                        () ->
                                reader.read(
                                        List.of(
                                                new Route(
                                                        "GET",
                                                        "/books/{isbn}",
                                                        "find",
                                                        Library.class))))
                .hasMessage("GET /books/{isbn}: its path has [isbn], documented are [id]");
    }

    @Test
    void aRouteThatIsThereTwiceIsRefused() {
        var route = new Route("GET", "/books", "list", Library.class);
        assertThatThrownBy(() -> reader.read(List.of(route, route)))
                .hasMessage("GET /books is there twice");
    }

    private JsonNode read() throws Exception {
        return new ObjectMapper().readTree(OpenApiReader.json(reader.read(ROUTES)));
    }

    record Book(@Schema(example = "Emma") String title) {}

    record Fault(String why) {}

    record Loan(@JsonProperty("book_id") int bookId) {}

    @Tag(name = "library")
    static final class Library {
        @Operation(
                summary = "Lends a book",
                security = @SecurityRequirement(name = "token"),
                requestBody =
                        @RequestBody(
                                required = true,
                                content = @Content(schema = @Schema(implementation = Loan.class))))
        @ApiResponse(
                responseCode = "200",
                description = "lent",
                content = @Content(schema = @Schema(implementation = Book.class)))
        @ApiResponse(
                responseCode = "429",
                description = "too many",
                headers =
                        @Header(
                                name = "Retry-After",
                                description = "seconds",
                                schema = @Schema(implementation = Integer.class)))
        void lend() {}

        @Operation(summary = "One book")
        @Parameter(name = "id", in = ParameterIn.PATH, description = "the book's number")
        @ApiResponse(responseCode = "204", description = "it is here")
        void find() {}

        @Operation(summary = "All books")
        @ApiResponse(
                responseCode = "200",
                description = "them",
                content =
                        @Content(
                                array =
                                        @ArraySchema(
                                                schema = @Schema(implementation = Book.class))))
        void list() {}

        void secret() {}
    }
}
