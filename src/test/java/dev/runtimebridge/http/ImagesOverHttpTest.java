package dev.runtimebridge.http;

import static dev.runtimebridge.http.BadRequestsTest.assertProblem;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;

class ImagesOverHttpTest {
    private static final String KOTLIN =
            """
            {"name": "Kotlin 2", "language": "kotlin", "task_definition": "runtime-kotlin:7",
             "cpu_millis": 250, "memory_mib": 512, "architecture": "arm64",
             "price_usd_per_hour": "0.01234250"}\
            """;

    @AutoClose private final TestApi api = new TestApi();

    @Test
    void administratorsSeeEveryImageWithAllThatIsKnownOfIt() throws Exception {
        var answer = api.send(api.get("/api/admin/images", "admin"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(TestApi.json(answer).at("/images")).hasSize(3);
        assertThat(TestApi.json(answer).at("/images/1").toString())
                .isEqualTo(
                        "{\"id\":2,\"name\":\"Go\",\"language\":\"go\",\"revision\":1,"
                            + "\"local_command\":\"python3\",\"container_image\":\"\","
                            + "\"task_definition\":\"\",\"cpu_millis\":500,\"memory_mib\":512,"
                            + "\"architecture\":\"x86_64\",\"price_usd_per_hour\":\"0.0123425\","
                            + "\"enabled\":false,\"available\":false,\"version\":0}");
    }

    @Test
    void nobodyElseMay() throws Exception {
        for (var request :
                new HttpRequest.Builder[] {
                    api.get("/api/admin/images"),
                    api.get("/api/admin/images/1"),
                    api.post("/api/admin/images", KOTLIN),
                    change(1, "{\"enabled\": false}", "*")
                }) {
            assertProblem(api.send(request), 401);
            var refused = api.send(request.header("Authorization", "Bearer user:7"));
            assertProblem(refused, 403);
            assertThat(TestApi.json(refused).get("detail").asText())
                    .isEqualTo("this is for users with the role admin");
        }
        assertThat(api.images.entries()).allMatch(entry -> entry.version() == 0).hasSize(3);
    }

    @Test
    void anAddedImageCanBeLaunchedAtOnce() throws Exception {
        var added = api.send(asAdmin(api.post("/api/admin/images", KOTLIN)));

        assertThat(added.statusCode()).isEqualTo(201);
        assertThat(added.headers().firstValue("Location")).contains("/api/admin/images/4");
        assertThat(added.headers().firstValue("ETag")).contains("\"0\"");
        assertThat(TestApi.json(added).get("price_usd_per_hour").asText()).isEqualTo("0.0123425");
        assertThat(TestApi.json(added).get("available").asBoolean()).isTrue();
        assertThat(api.send(api.get("/api/admin/images/4", "admin")).body())
                .isEqualTo(added.body());
        assertThat(api.send(api.get("/api/runtimes/available")).body())
                .contains("{\"id\":4,\"name\":\"Kotlin 2\"", "{\"name\":\"kotlin\",\"order\":4}");
        api.claim("7", 4);
    }

    @Test
    void addingTwiceTellsWhichImageThereIsAlready() throws Exception {
        api.send(asAdmin(api.post("/api/admin/images", KOTLIN)));
        var again = api.send(asAdmin(api.post("/api/admin/images", KOTLIN)));

        assertProblem(again, 409);
        assertThat(TestApi.json(again).get("id").asLong()).isEqualTo(4);
    }

    @Test
    void aSwitchedOffImageIsNoLongerLaunched() throws Exception {
        var off = api.send(asAdmin(change(1, "{\"enabled\": false}", "*")));

        assertThat(off.statusCode()).isEqualTo(200);
        assertThat(TestApi.json(off).get("revision").asInt()).isEqualTo(1);
        var launch =
                api.send(
                        api.post("/api/containers/launch", "{\"image_id\": 1}")
                                .header("Authorization", "Bearer user:7"));
        assertProblem(launch, 404);
        assertThat(TestApi.json(launch).get("error").asText())
                .isEqualTo("Python 3 is switched off");

        api.send(asAdmin(change(1, "{\"enabled\": true}", "*")));
        api.claim("7", 1);
    }

    @Test
    void aChangeCountsItsVersionAndWhereItRunsSomethingElseTheRevision() throws Exception {
        var renamed = api.send(asAdmin(change(1, "{\"name\": \"Python\"}", "\"0\"")));
        var resized = api.send(asAdmin(change(1, "{\"memory_mib\": 1024}", "\"1\"")));

        assertThat(renamed.headers().firstValue("ETag")).contains("\"1\"");
        assertThat(TestApi.json(renamed).get("revision").asInt()).isEqualTo(1);
        assertThat(resized.headers().firstValue("ETag")).contains("\"2\"");
        assertThat(TestApi.json(resized).get("revision").asInt()).isEqualTo(2);
        assertThat(TestApi.json(resized).get("name").asText()).isEqualTo("Python");
    }

    @Test
    void aChangeOfWhatWasChangedMeanwhileIsRefused() throws Exception {
        api.send(asAdmin(change(1, "{\"memory_mib\": 1024}", "\"0\"")));

        for (var stale :
                new String[] {"\"0\"", "W/\"1\"", "\"1\", \"2\"", "1", "\"x\"", "\"-1\""}) {
            assertProblem(api.send(asAdmin(change(1, "{\"memory_mib\": 2048}", stale))), 412);
        }
        assertProblem(
                api.send(
                        asAdmin(
                                api.get("/api/admin/images/1")
                                        .header("Content-Type", "application/json")
                                        .method("PATCH", BodyPublishers.ofString("{}")))),
                428);
        assertThat(api.images.entries().getFirst().details().size().memoryMebibytes())
                .isEqualTo(1024);
    }

    @Test
    void whatIsNoImageIsNotFound() throws Exception {
        for (var id : new String[] {"9", "0", "-1", "x", "01", "99999999999999999999"}) {
            assertProblem(api.send(api.get("/api/admin/images/" + id, "admin")), 404);
        }
        assertProblem(api.send(asAdmin(change(9, "{}", "*"))), 404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{\"name\": \"\"}",
                "{\"name\": \" x\"}",
                "{\"name\": \"a\\u0000b\"}",
                "{\"name\": 7}",
                "{\"language\": \"C Sharp\"}",
                "{\"language\": \"\"}",
                "{\"local_command\": \"/bin/sh\"}",
                "{\"container_image\": \"a b\"}",
                "{\"task_definition\": \"runtime-python\"}",
                "{\"cpu_millis\": 0}",
                "{\"cpu_millis\": -250}",
                "{\"cpu_millis\": 0.25}",
                "{\"cpu_millis\": \"250\"}",
                "{\"cpu_millis\": 1e99}",
                "{\"cpu_millis\": 99999999999}",
                "{\"memory_mib\": 1}",
                "{\"architecture\": \"sparc\"}",
                "{\"architecture\": \"X86_64\"}",
                "{\"price_usd_per_hour\": 0.1}",
                "{\"price_usd_per_hour\": \"-1\"}",
                "{\"price_usd_per_hour\": \"1e3\"}",
                "{\"price_usd_per_hour\": \"0.0000000001\"}",
                "{\"price_usd_per_hour\": \"\"}",
                "{\"enabled\": \"yes\"}",
                "{\"enabled\": 1}",
                "{\"task_defintion\": \"runtime-python:7\"}",
                "{\"id\": 5}",
                "{\"revision\": 5}"
            })
    void whatCannotBeIsRefusedAtTheDoor(String body) throws Exception {
        var refused = api.send(asAdmin(change(1, body, "*")));

        assertProblem(refused, 400);
        assertThat(api.images.entries().getFirst().version()).isZero();
    }

    @Test
    void aFieldThatNobodyKnowsIsNamedWithThoseThereAre() throws Exception {
        var refused = api.send(asAdmin(change(1, "{\"task_defintion\": \"x:1\"}", "*")));

        assertThat(TestApi.json(refused).get("detail").asText())
                .startsWith("there is no field task_defintion: there are architecture, ")
                .contains("task_definition");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"name\": \"X\", \"language\": \"x\", \"cpu_millis\": 250, \"memory_mib\": 512}",
                "{\"name\": \"X\", \"language\": \"x\", \"local_command\": \"x\"}",
                "{\"name\": \"X\", \"local_command\": \"x\", \"cpu_millis\": 250,"
                        + " \"memory_mib\": 512}"
            })
    void anIncompleteImageIsNotAdded(String body) throws Exception {
        assertProblem(api.send(asAdmin(api.post("/api/admin/images", body))), 400);
        assertThat(api.images.entries()).hasSize(3);
    }

    @Test
    void aBodyOfAnotherTypeIsToldWhatIsTaken() throws Exception {
        var answer =
                api.send(
                        asAdmin(
                                api.get("/api/admin/images/1")
                                        .header("If-Match", "*")
                                        .header("Content-Type", "application/merge-patch+json")
                                        .method("PATCH", BodyPublishers.ofString("{}"))));

        assertProblem(answer, 415);
        assertThat(answer.headers().firstValue("Accept-Patch")).contains("application/json");
    }

    @Test
    void withoutADatabaseAdministratorsAreToldToComeBack() throws Exception {
        api.images.down(true);

        HttpResponse<String> answer = api.send(api.get("/api/admin/images", "admin"));
        assertProblem(answer, 503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertProblem(api.send(asAdmin(change(1, "{\"enabled\": false}", "*"))), 503);
    }

    private static HttpRequest.Builder asAdmin(HttpRequest.Builder request) {
        return request.header("Authorization", "Bearer user:admin");
    }

    private HttpRequest.Builder change(long id, String body, String ifMatch) {
        return api.get("/api/admin/images/" + id)
                .header("Content-Type", "application/json")
                .header("If-Match", ifMatch)
                .method("PATCH", BodyPublishers.ofString(body));
    }
}
