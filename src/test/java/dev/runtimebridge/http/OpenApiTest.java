package dev.runtimebridge.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.openapi.OpenApiReader;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;

class OpenApiTest {
    @AutoClose private final TestApi api = new TestApi();

    /** Rewrites the file with {@code -Dopenapi.write=true}. */
    @Test
    void theCommittedDocumentIsWhatTheCodeSays() throws Exception {
        var committed =
                Path.of(System.getProperty("basedir", "src")).resolve("../openapi/bridge.yaml");
        var yaml = OpenApiReader.yaml(api.document());
        if (Boolean.getBoolean("openapi.write")) {
            Files.writeString(committed, yaml);
        }

        assertThat(committed)
                .as("run this test with -Dopenapi.write=true and commit the file")
                .hasContent(yaml);
    }

    @Test
    void whatIsServedIsTheSameDocument() throws Exception {
        var served = TestApi.json(api.send(api.get("/openapi.json")));

        assertThat(served).isEqualTo(TestApi.JSON.readTree(OpenApiReader.json(api.document())));
        assertThat(served.at("/components/securitySchemes/token/scheme").asText())
                .isEqualTo("bearer");
        assertThat(served.at("/components/securitySchemes/agent/name").asText())
                .isEqualTo("X-API-KEY");
    }
}
