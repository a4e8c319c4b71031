package dev.runtimebridge.http;

import static dev.runtimebridge.http.BadRequestsTest.assertProblem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.allocation.EndReason;
import dev.runtimebridge.allocation.Event;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

class AgentsOverHttpTest {
    @AutoClose private final TestApi api = new TestApi(fewCalls());

    @Test
    void anAgentGetsTheWayInToItsContainer() throws Exception {
        var key = api.activate(api.claim("a", 1));

        var answer = api.send(api.get("/api/containers/info").header("X-API-KEY", key));

        assertThat(answer.body())
                .isEqualTo(
                        "{\"cont_ip\":\"127.64.0.7\",\"cont_port\":8000,\"cont_user\":\"together\","
                                + "\"cont_auth_type\":\"password\",\"cont_auth\":\""
                                + TestApi.PASSWORD
                                + "\",\"ssh_port\":2222,\"host_key\":\""
                                + TestApi.HOST_KEY
                                + "\"}");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    }

    @Test
    void withoutAKeyInfoIs401AndWithAnUnknownOrEndedOne404() throws Exception {
        var id = api.claim("a", 1);
        var key = api.activate(id);

        assertProblem(api.send(api.get("/api/containers/info")), 401);
        assertProblem(api.send(api.get("/api/containers/info").header("X-API-KEY", "x")), 404);
        api.end(id, EndReason.Code.CONTAINER_LOST);
        assertProblem(api.send(api.get("/api/containers/info").header("X-API-KEY", key)), 404);
    }

    @Test
    void anAgentLearnsWhoIsAtItsDoor() throws Exception {
        var key = api.activate(api.claim("7", 1));
        var asking = api.post("/api/containers/authorize", "{\"token\": \"user:7\"}");
        var other = api.post("/api/containers/authorize", "{\"token\": \"user:8\"}");

        assertThat(api.send(asking.header("X-API-KEY", key)).body())
                .isEqualTo("{\"user\":\"7\",\"owner\":true}");
        assertThat(api.send(other.header("X-API-KEY", key)).body())
                .isEqualTo("{\"user\":\"8\",\"owner\":false}");
    }

    @Test
    void neitherABadKeyNorABadTokenIsBelieved() throws Exception {
        var id = api.claim("7", 1);
        var key = api.activate(id);
        var good = "{\"token\": \"user:7\"}";

        assertProblem(api.send(api.post("/api/containers/authorize", good)), 401);
        assertProblem(authorize("other", good), 401);
        assertProblem(authorize(key, "{\"token\": \"forged\"}"), 401);
        assertProblem(authorize(key, "{}"), 400);
        api.end(id, EndReason.Code.CONTAINER_LOST);
        assertProblem(authorize(key, good), 401);
    }

    @Test
    void whereNothingCanBeSharedNoShareLetsAnybodyIn() throws Exception {
        var key = api.activate(api.claim("7", 1));

        var asking = api.get("/api/containers/shares");
        assertThat(api.send(asking.header("X-API-KEY", key)).body()).isEqualTo("{\"shares\":[]}");
        assertProblem(api.send(api.get("/api/containers/shares")), 401);
        assertProblem(api.send(api.get("/api/containers/shares").header("X-API-KEY", "x")), 401);
    }

    @Test
    void anOwnerHearsOfTheLimitThatTheirContainerRanInto() throws Exception {
        var id = api.claim("7", 1);
        var key = api.activate(id);

        assertThat(limits(key, "{\"limit\": \"memory\", \"times\": 3}").statusCode())
                .isEqualTo(202);
        assertThat(limits(key, "{\"limit\": \"processes\"}").statusCode()).isEqualTo(202);
        assertThat(api.claims.events(id, 0))
                .filteredOn(event -> event.phase() == Event.Phase.NOTICED)
                .extracting(Event::detail)
                .containsExactly(
                        "memory ran out, and a program was ended for it (3 times); use less, or"
                                + " have the image's memory raised",
                        "no further process could be started, there were too many; end some: what"
                                + " goes on in the background counts, too");
        assertProblem(limits(key, "{\"limit\": \"patience\"}"), 400);
        assertProblem(limits(key, "{}"), 400);
        assertProblem(limits("other", "{\"limit\": \"memory\"}"), 401);
        api.end(id, EndReason.Code.CONTAINER_LOST);
        assertProblem(limits(key, "{\"limit\": \"memory\"}"), 401);
    }

    private HttpResponse<String> limits(String key, String body) throws Exception {
        return api.send(api.post("/api/containers/limits", body).header("X-API-KEY", key));
    }

    @Test
    void aCallHomeIsHeardWithTheAddressItCameFrom() throws Exception {
        var answer = api.send(api.post("/api/containers/ready", "{\"container\": \"task/1\"}"));

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(api.callsHome).containsExactly("task/1 from 127.0.0.1");
        assertProblem(api.send(api.post("/api/containers/ready", "{\"container\": \"a b\"}")), 400);
        assertProblem(api.send(api.post("/api/containers/ready", "{}")), 400);
    }

    @Test
    void callsHomeAreCountedByAddress() throws Exception {
        for (int i = 0; i < 10; i++) {
            api.send(api.post("/api/containers/ready", "{\"container\": \"task/1\"}"));
        }
        var answer = api.send(api.post("/api/containers/ready", "{\"container\": \"task/1\"}"));

        assertProblem(answer, 429);
        assertThat(Integer.parseInt(answer.headers().firstValue("Retry-After").orElseThrow()))
                .isBetween(1, 60);
        assertThat(api.callsHome).hasSize(10);
        // Another route's calls are counted apart.
        assertThat(api.send(api.post("/auth/token", "{\"token\":\"user:7\"}")).statusCode())
                .isEqualTo(200);
    }

    private HttpResponse<String> authorize(String key, String body) throws Exception {
        return api.send(api.post("/api/containers/authorize", body).header("X-API-KEY", key));
    }

    private static ApiSettings fewCalls() {
        return new ApiSettings(
                List.of(),
                List.of(),
                "admin",
                Duration.ofSeconds(120),
                Duration.ofSeconds(2),
                Duration.ofSeconds(30),
                Duration.ofSeconds(20),
                1000,
                16,
                Duration.ofSeconds(15),
                10,
                Duration.ofSeconds(5));
    }
}
