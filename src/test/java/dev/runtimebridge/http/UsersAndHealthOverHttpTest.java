package dev.runtimebridge.http;

import static dev.runtimebridge.http.BadRequestsTest.assertProblem;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

class UsersAndHealthOverHttpTest {
    @AutoClose private final TestApi api = new TestApi();

    @Test
    void aUserIsToldTheirEmailWithAndWithoutATrailingSlash() throws Exception {
        for (var path : List.of("/api/users/", "/api/users")) {
            assertThat(api.send(api.get(path, "7")).body())
                    .isEqualTo("{\"email\":\"7@b.c\",\"user\":\"7\"}");
        }
    }

    @Test
    void aGoodTokenIsToldAsVersion1Did() throws Exception {
        var answer = api.send(api.post("/auth/token", "{\"token\": \"user:7\"}"));

        assertThat(answer.body())
                .isEqualTo(
                        "{\"userId\":7,\"email\":\"7@b.c\","
                            + "\"issuedAt\":\"2026-01-02T03:04:05.678+00:00\","
                            + "\"expiredAt\":\"2026-01-02T04:04:05.678+00:00\",\"valid\":true}");
        assertThat(api.send(api.post("/auth/token", "{\"token\": \"user:07\"}")).body())
                .contains("\"userId\":\"07\"");
    }

    @Test
    void aBadTokenIsNotValid() throws Exception {
        var answer = api.send(api.post("/auth/token", "{\"token\": \"forged\"}"));

        assertProblem(answer, 401);
        assertThat(TestApi.json(answer).get("valid").asBoolean(true)).isFalse();
    }

    @Test
    void whoeverCannotCheckATokenNowSaysSo() throws Exception {
        api.verifierDown = Optional.of("the token service cannot be asked now");

        assertProblem(api.send(api.get("/api/users", "7")), 503);
        var answer = api.send(api.post("/auth/token", "{\"token\": \"user:7\"}"));
        assertProblem(answer, 503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void theCatalogueIsOpen() throws Exception {
        assertThat(api.send(api.get("/api/runtimes/available")).body())
                .startsWith(
                        "{\"image\":[{\"id\":1,\"name\":\"Python 3\",\"language_name\":\"python\","
                                + "\"available\":true},{\"id\":2,\"name\":\"Go\","
                                + "\"language_name\":\"go\",\"available\":false}")
                .endsWith(
                        "\"language\":[{\"name\":\"python\",\"order\":1},"
                                + "{\"name\":\"go\",\"order\":2},"
                                + "{\"name\":\"shell\",\"order\":3}]}");
    }

    @Test
    void readyzNamesWhatIsMissing() throws Exception {
        assertThat(api.send(api.get("/readyz")).body())
                .isEqualTo("{\"ready\":true,\"checks\":[{\"name\":\"database\",\"ready\":true}]}");
        api.checks = List.of(Readiness.Check.notReady("database", "connection refused"));

        var answer = api.send(api.get("/readyz"));

        assertProblem(answer, 503);
        assertThat(TestApi.json(answer).get("error").asText())
                .isEqualTo("database: connection refused");
        assertThat(TestApi.json(answer).at("/checks/0/why").asText())
                .isEqualTo("connection refused");
        assertThat(api.send(api.get("/healthz")).statusCode()).isEqualTo(200);
    }

    @Test
    void whoeverConnectsBeforeItAnswersWaits() throws Exception {
        try (var starting = TestApi.listening()) {
            var request = starting.get("/healthz").timeout(Duration.ofSeconds(20)).build();
            var pending = starting.client().sendAsync(request, BodyHandlers.discarding());
            assertThat(pending).isNotDone();
            starting.answer();
            assertThat(pending.get().statusCode()).isEqualTo(200);
        }
    }

    @Test
    void withoutADatabaseRequestsAreToldToComeBackAndThenServedAgain() throws Exception {
        api.claims.down(true);
        for (var path : List.of("/api/containers", "/api/containers/mfrggzdfmztwq2lknnwg23tpob")) {
            var answer = api.send(api.get(path, "7"));
            assertProblem(answer, 503);
            assertThat(answer.headers().firstValue("Retry-After")).contains("2");
        }
        assertProblem(
                api.send(
                        api.post("/api/containers/launch", "{\"image_id\":1}")
                                .header("Authorization", "Bearer user:7")),
                503);
        api.claims.down(false);
        assertThat(api.send(api.get("/api/containers", "7")).statusCode()).isEqualTo(200);
    }

    @Test
    void preflightsOfAllowedOriginsAreAnsweredWithoutAToken() throws Exception {
        var answer = api.send(preflight("https://ide.example"));

        assertThat(answer.statusCode()).isLessThan(300);
        var headers = answer.headers();
        assertThat(headers.firstValue("Access-Control-Allow-Origin"))
                .contains("https://ide.example");
        assertThat(headers.firstValue("Access-Control-Allow-Methods").orElseThrow())
                .contains("POST", "PATCH", "DELETE");
        assertThat(headers.firstValue("Access-Control-Allow-Headers").orElseThrow())
                .containsIgnoringCase("Authorization");
    }

    @Test
    void otherOriginsAreNotAllowed() throws Exception {
        for (var origin :
                List.of(
                        "https://evil.example",
                        "null",
                        "https://ideXexample",
                        "http://ide.example")) {
            var preflight = api.send(preflight(origin));
            var simple = api.send(api.get("/ping").header("Origin", origin));

            assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
            assertThat(simple.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
        }
    }

    @Test
    void errorsCarryCorsHeadersTooSoThatPagesCanReadThem() throws Exception {
        var answer = api.send(api.get("/api/containers").header("Origin", "https://ide.example"));

        assertProblem(answer, 401);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
                .contains("https://ide.example");
    }

    @Test
    void aRequestKeepsItsNameWhenItIsSafe() throws Exception {
        assertThat(requestId("abc-1")).isEqualTo("abc-1");
        assertThat(requestId("a b")).matches("[0-9a-f]{16}");
        assertThat(requestId("x".repeat(65))).matches("[0-9a-f]{16}");
    }

    @Test
    void headersAloneCanBeAskedForWithTheSameRights() throws Exception {
        var ping = api.send(api.get("/ping").method("HEAD", BodyPublishers.noBody()));
        var mine = api.send(api.get("/api/containers").method("HEAD", BodyPublishers.noBody()));

        assertThat(ping.statusCode()).isEqualTo(200);
        assertThat(ping.body()).isEmpty();
        assertThat(mine.statusCode()).isEqualTo(401);
    }

    @Test
    void thePagesAreServedFromHereAlone() throws Exception {
        for (var path : List.of("/", "/swagger", "/swagger/")) {
            var page = api.send(api.get(path));
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.headers().firstValue("Content-Type").orElseThrow())
                    .startsWithIgnoringCase("text/html");
            assertThat(page.headers().firstValue("Content-Security-Policy")).isPresent();
            assertThat(page.body()).doesNotContain("http://", "https://", "//cdn");
        }
        for (var path :
                List.of(
                        "/swagger/start.js",
                        "/swagger/page.css",
                        "/swagger/assets/swagger-ui.css",
                        "/swagger/assets/swagger-ui-bundle.js",
                        "/openapi.json")) {
            assertThat(api.send(api.get(path)).statusCode()).as(path).isEqualTo(200);
        }
    }

    private HttpRequest.Builder preflight(String origin) {
        return api.get("/api/containers/launch")
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization,content-type");
    }

    private String requestId(String asked) throws Exception {
        return api.send(api.get("/ping").header("X-Request-Id", asked))
                .headers()
                .firstValue("X-Request-Id")
                .orElseThrow();
    }
}
