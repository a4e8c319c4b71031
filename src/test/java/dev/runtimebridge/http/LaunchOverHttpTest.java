package dev.runtimebridge.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.allocation.EndReason;
import dev.runtimebridge.allocation.Fault;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

class LaunchOverHttpTest {
    @AutoClose private final TestApi api = new TestApi();

    @Test
    void aContainerThatIsThereIsAnsweredAtOnce() throws Exception {
        var id = api.claim("7", 1);
        api.activate(id);

        var answer = launch("7", "{\"image_id\": 1}", null);

        assertThat(answer.statusCode()).isEqualTo(200);
        var body = TestApi.json(answer);
        assertThat(body.get("url").asText()).isEqualTo("127.64.0.7");
        assertThat(body.get("port").asInt()).isEqualTo(8000);
        assertThat(body.get("id").asText()).isEqualTo(id.value());
        assertThat(body.get("image_id").asInt()).isEqualTo(1);
        assertThat(body.get("state").asText()).isEqualTo("active");
    }

    @Test
    void aLaunchWaitsUntilTheContainerCanBeUsed() throws Exception {
        var pending =
                api.client()
                        .sendAsync(
                                api.post("/api/containers/launch", "{\"image_id\": 1}")
                                        .header("Authorization", "Bearer user:7")
                                        .build(),
                                BodyHandlers.ofString());
        // Joins the same launch, so the claim is there when this returns.
        api.activate(api.claim("7", 1));

        assertThat(pending.get().statusCode()).isEqualTo(200);
        assertThat(api.claims.inserted()).isEqualTo(1);
    }

    @Test
    void whoDoesNotWantToWaitGetsAPlaceToLook() throws Exception {
        var answer = launch("7", "{\"image_id\": 1}", "respond-async");

        assertThat(answer.statusCode()).isEqualTo(202);
        var id = TestApi.json(answer).get("id").asText();
        assertThat(answer.headers().firstValue("Location")).contains("/api/containers/" + id);
        assertThat(answer.headers().firstValue("Retry-After")).contains("2");
        assertThat(answer.headers().firstValue("Preference-Applied")).contains("respond-async");
        assertThat(TestApi.json(answer).get("state").asText()).isEqualTo("waiting");
    }

    @Test
    void aWaitOfNoughtIsHonoured() throws Exception {
        var answer = launch("7", "{\"image_id\": 1}", "wait=0, handling=lenient");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.headers().firstValue("Preference-Applied")).contains("wait=0");
    }

    @Test
    void aLaunchThatEndsWithoutAContainerSaysWhy() throws Exception {
        var pending =
                api.client()
                        .sendAsync(
                                api.post("/api/containers/launch", "{\"image_id\": 1}")
                                        .header("Authorization", "Bearer user:7")
                                        .build(),
                                BodyHandlers.ofString());
        endUntilAnswered(new EndReason(EndReason.Code.START_FAILED, "because"), pending);

        assertThat(pending.get().statusCode()).isEqualTo(503);
        assertThat(pending.get().headers().firstValue("Retry-After")).isPresent();
        assertThat(TestApi.json(pending.get()).get("error").asText())
                .isEqualTo("the launch ended without a container: because");
    }

    @Test
    void aLaunchThatFailedSaysWhatWentWrongWhoCanMendItAndHow() throws Exception {
        var pending =
                api.client()
                        .sendAsync(
                                api.post("/api/containers/launch", "{\"image_id\": 1}")
                                        .header("Authorization", "Bearer user:7")
                                        .build(),
                                BodyHandlers.ofString());
        var fault = new Fault("permission", Fault.Owner.ADMIN, "grant it");
        endUntilAnswered(
                new EndReason(EndReason.Code.START_FAILED, "not allowed", Optional.of(fault)),
                pending);

        var problem = TestApi.json(pending.get());
        assertThat(problem.get("cause").asText()).isEqualTo("permission");
        assertThat(problem.get("owner").asText()).isEqualTo("admin");
        assertThat(problem.get("hint").asText()).isEqualTo("grant it");
        var container =
                TestApi.json(
                        api.send(api.get("/api/containers/" + problem.get("id").asText(), "7")));
        assertThat(container.get("end_reason").get("hint").asText()).isEqualTo("grant it");
    }

    @Test
    void imagesThatAreMissingOrSwitchedOffAreNotFound() throws Exception {
        assertThat(launch("7", "{\"image_id\": 99}", null).statusCode()).isEqualTo(404);
        assertThat(launch("7", "{\"image_id\": 2}", null).body()).contains("Go is switched off");
    }

    @Test
    void oneContainerTooManyIsRefused() throws Exception {
        for (int i = 0; i < 5; i++) {
            launch("7", "{\"image_id\": 1, \"slot\": \"s" + i + "\"}", "respond-async");
        }
        var answer = launch("7", "{\"image_id\": 1}", "respond-async");

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(TestApi.json(answer).get("type").asText())
                .isEqualTo("urn:runtime-bridge:problem:too-many-containers");
    }

    /** The request may not have come yet when the first of these ends. */
    private void endUntilAnswered(EndReason why, Future<?> answer) throws Exception {
        while (!answer.isDone()) {
            api.end(api.claim("7", 1), why);
            try {
                answer.get(50, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                continue;
            }
        }
    }

    private HttpResponse<String> launch(String user, String body, String prefer) throws Exception {
        var request =
                api.post("/api/containers/launch", body)
                        .header("Authorization", "Bearer user:" + user);
        return api.send(prefer == null ? request : request.header("Prefer", prefer));
    }
}
