package dev.runtimebridge.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadRequestsTest {
    private TestApi api;

    @BeforeAll
    void start() {
        api = new TestApi();
    }

    @AfterAll
    void stop() {
        api.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "3",
                "\"3\"",
                "[]",
                "[{\"image_id\": 1}]",
                "{}",
                "{\"image_id\": \"1\"}",
                "{\"image_id\": 0}",
                "{\"image_id\": -1}",
                "{\"image_id\": 1e99}",
                "{\"image_id\": 1.5}",
                "{\"image_id\": 1.0}",
                "{\"image_id\": 1e0}",
                "{\"image_id\": 99999999999999999999}",
                "{\"image_id\": null}",
                "{\"image_id\": true}",
                "{\"image_id\": [1]}",
                "{\"image_id\": {}}",
                "{\"image_id\": NaN}",
                "{\"image_id\": 1} {\"image_id\": 1}",
                "{\"image_id\": 1} x",
                "{\"image_id\": 1, \"image_id\": 2}",
                "{\"image_id\": 1, \"x\": {\"y\": 1, \"y\": 2}}",
                "{\"image_id\": 1",
                "{'image_id': 1}",
                "{\"image_id\": 1, // comment\n}",
                "{\"image_id\": 01}",
                "\uFEFF{\"image_id\": 1}",
                "{\"image_id\": 1, \"slot\": 1}",
                "{\"image_id\": 1, \"slot\": \"Upper\"}",
                "{\"image_id\": 1, \"slot\": \"../x\"}"
            })
    void aLaunchWithoutAProperImageIsRefused(String body) throws Exception {
        assertProblem(launch(body.getBytes(StandardCharsets.UTF_8), "application/json"), 400);
        assertThat(api.claims.inserted()).isZero();
    }

    @Test
    void aMessageNamesTheFieldThatIsWrong() throws Exception {
        var answer =
                launch(
                        "{\"image_id\": \"1\"}".getBytes(StandardCharsets.UTF_8),
                        "application/json");

        assertThat(TestApi.json(answer).get("error").asText())
                .isEqualTo("image_id must be a whole number");
    }

    @Test
    void deeplyNestedJsonIsRefused() throws Exception {
        var deep = "{\"image_id\": 1, \"x\": " + "[".repeat(5_000) + "]".repeat(5_000) + "}";
        assertProblem(launch(deep.getBytes(StandardCharsets.UTF_8), "application/json"), 400);
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() throws Exception {
        var overlongSlash = new byte[] {'{', '"', (byte) 0xC0, (byte) 0xAF, '"', ':', '1', '}'};
        var utf16 = "{\"image_id\": 1}".getBytes(StandardCharsets.UTF_16LE);

        assertProblem(launch(overlongSlash, "application/json"), 400);
        assertProblem(launch(utf16, "application/json"), 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "application/jsonp",
                "application/json; charset=iso-8859-1",
                "multipart/form-data; boundary=x",
                "nonsense"
            })
    void otherMediaTypesAreRefused(String mediaType) throws Exception {
        assertProblem(launch("{\"image_id\": 1}".getBytes(StandardCharsets.UTF_8), mediaType), 415);
    }

    @Test
    void aCompressedBodyIsRefused() throws Exception {
        var answer =
                api.send(
                        api.post("/api/containers/launch", "x")
                                .header("Authorization", "Bearer user:7")
                                .header("Content-Encoding", "gzip"));
        assertProblem(answer, 415);
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/nothing,404,",
        "GET,/api,404,",
        "GET,/API/containers,404,",
        "POST,/nothing,404,",
        "GET,/swagger/assets/nothing.js,404,",
        "GET,/swagger/assets/,404,",
        "GET,/api/containers/launch/x,404,",
        "PUT,/auth/token,405,POST",
        "DELETE,/ping,405,'GET, HEAD'",
        "PATCH,/api/containers/mfrggzdfmztwq2lknnwg23tpob,405,'DELETE, GET, HEAD'",
        "FOO,/ping,405,'GET, HEAD'",
        "OPTIONS,/ping,405,'GET, HEAD'"
    })
    void unknownRoutesAndMethodsAreProblems(String method, String path, int status, String allow)
            throws Exception {
        var answer = api.send(api.get(path).method(method, BodyPublishers.noBody()));

        assertProblem(answer, status);
        assertThat(answer.headers().firstValue("Allow").orElse(null)).isEqualTo(allow);
    }

    @Test
    void whoeverSendsNoGoodTokenIsToldHowToAuthenticate() throws Exception {
        for (var header : new String[] {null, "", "Basic eDp5", "Bearer", "Bearer ", "Bearer x"}) {
            var request = api.get("/api/containers");
            var answer =
                    api.send(header == null ? request : request.header("Authorization", header));

            assertProblem(answer, 401);
            assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow())
                    .startsWith("Bearer realm=\"runtime-bridge\"");
        }
    }

    @Test
    void theSchemeOfATokenIsCaseInsensitive() throws Exception {
        var answer = api.send(api.get("/api/containers").header("Authorization", "bearer user:7"));
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    static void assertProblem(HttpResponse<String> answer, int status) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type"))
                .contains("application/problem+json");
        var problem = TestApi.json(answer);
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("type").asText()).startsWith("urn:runtime-bridge:problem:");
        assertThat(problem.get("title").asText()).isNotBlank();
        assertThat(problem.get("detail").asText()).isNotBlank().doesNotContain("Exception");
        assertThat(problem.get("error").asText()).isEqualTo(problem.get("detail").asText());
        assertThat(problem.get("request_id").asText())
                .isEqualTo(answer.headers().firstValue("X-Request-Id").orElseThrow());
    }

    private HttpResponse<String> launch(byte[] body, String mediaType) throws Exception {
        return api.send(
                api.get("/api/containers/launch", "7")
                        .header("Content-Type", mediaType)
                        .POST(BodyPublishers.ofByteArray(body)));
    }
}
