package dev.runtimebridge.http;

import static dev.runtimebridge.http.BadRequestsTest.assertProblem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.allocation.EndReason;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ContainersOverHttpTest {
    @AutoClose private final TestApi api = new TestApi();

    @Test
    void aUserSeesTheirOwnContainersAndNobodyElses() throws Exception {
        var mine = api.claim("a", 1);
        api.claim("b", 1);

        var list = TestApi.json(api.send(api.get("/api/containers", "a"))).get("containers");

        assertThat(list).hasSize(1);
        assertThat(list.get(0).get("id").asText()).isEqualTo(mine.value());
        assertThat(list.get(0).get("state").asText()).isEqualTo("waiting");
    }

    @Test
    void endedContainersAreShownWhenAskedFor() throws Exception {
        var id = api.claim("a", 1);
        api.end(id, EndReason.Code.CONTAINER_LOST);

        var none = TestApi.json(api.send(api.get("/api/containers", "a")));
        var one = TestApi.json(api.send(api.get("/api/containers?ended=5", "a")));

        assertThat(none.get("containers")).isEmpty();
        assertThat(one.at("/containers/0/end_reason/code").asText()).isEqualTo("container_lost");
        for (var bad : new String[] {"-1", "101", "x", "", "1e1"}) {
            assertProblem(api.send(api.get("/api/containers?ended=" + bad, "a")), 400);
        }
    }

    @Test
    void anotherUsersContainerDoesNotExist() throws Exception {
        var id = api.claim("b", 1);
        api.activate(id);
        var path = "/api/containers/" + id;

        assertProblem(api.send(api.get(path, "a")), 404);
        assertProblem(api.send(api.get(path + "/ssh", "a")), 404);
        assertProblem(api.send(api.get(path + "/events", "a")), 404);
        assertProblem(api.send(api.get(path, "a").DELETE()), 404);
        assertThat(api.send(api.get(path, "b")).statusCode()).isEqualTo(200);
    }

    @Test
    void whatIsNoIdIsNotFound() throws Exception {
        for (var id : new String[] {"x", "..%00", "MFRGGZDFMZTWQ2LKNNWG23TPOB", "a".repeat(500)}) {
            var status = api.send(api.get("/api/containers/" + id, "a")).statusCode();
            assertThat(status).isIn(400, 404);
        }
    }

    @Test
    void theWayInIsTheOwnersOnceItIsActive() throws Exception {
        var id = api.claim("a", 1);
        assertProblem(api.send(api.get("/api/containers/" + id + "/ssh", "a")), 409);
        api.activate(id);

        var answer = api.send(api.get("/api/containers/" + id + "/ssh", "a"));

        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        var ssh = TestApi.json(answer);
        assertThat(ssh.get("host").asText()).isEqualTo("127.64.0.7");
        assertThat(ssh.get("port").asInt()).isEqualTo(2222);
        assertThat(ssh.get("user").asText()).isEqualTo("together");
        assertThat(ssh.get("password").asText()).isEqualTo(TestApi.PASSWORD);
        assertThat(ssh.get("host_key").asText()).isEqualTo(TestApi.HOST_KEY);
        assertThat(ssh.get("host_key_fingerprint").asText())
                .isEqualTo("SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU");
    }

    @Test
    void stoppingMayBeRepeated() throws Exception {
        var id = api.claim("a", 1);
        var path = "/api/containers/" + id;

        assertThat(TestApi.json(api.send(api.get(path, "a").DELETE())).get("state").asText())
                .isEqualTo("ending");
        var again = api.send(api.get(path, "a").DELETE());
        assertThat(again.statusCode()).isEqualTo(202);
        assertThat(TestApi.json(again).at("/end_reason/code").asText())
                .isEqualTo("stopped_by_owner");
        api.end(id, EndReason.Code.STOPPED_BY_OWNER);
        assertThat(TestApi.json(api.send(api.get(path, "a").DELETE())).get("state").asText())
                .isEqualTo("ended");
    }
}
