package dev.runtimebridge.http;

import static dev.runtimebridge.http.BadRequestsTest.assertProblem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.allocation.AllocationId;
import dev.runtimebridge.allocation.EndReason;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

@Timeout(30)
class EventsOverHttpTest {
    @AutoClose private final TestApi api = new TestApi(lively());

    @Test
    void aLateSubscriberGetsTheWholeStory() throws Exception {
        var id = api.claim("a", 1);
        api.activate(id);
        api.end(id, EndReason.Code.STOPPED_BY_OWNER);

        var answer = api.send(api.get(path(id), "a"));

        assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("text/event-stream");
        assertThat(answer.body().lines().filter(line -> line.startsWith("event: ")))
                .containsExactly(
                        "event: waiting", "event: binding", "event: active", "event: ended");
        assertThat(answer.body())
                .containsPattern(
                        "id: 1\nevent: waiting\ndata: \\{\"phase\":\"waiting\",\"at\":\"[^\"]+Z\","
                                + "\"detail\":\"\"}\n\n");
    }

    @Test
    void whatHappensIsToldAsItHappensUntilTheEnd() throws Exception {
        var id = api.claim("a", 1);
        try (var events = follow(id)) {
            assertThat(next(events)).isEqualTo("waiting");
            api.activate(id);
            assertThat(next(events)).isEqualTo("binding");
            assertThat(next(events)).isEqualTo("active");
            api.end(id, EndReason.Code.CONTAINER_LOST);
            assertThat(next(events)).isEqualTo("ended");
            assertThat(next(events)).isEqualTo("[closed]");
        }
    }

    @Test
    void whoeverComesBackGetsOnlyWhatTheyMissed() throws Exception {
        var id = api.claim("a", 1);
        api.activate(id);
        api.end(id, EndReason.Code.CONTAINER_LOST);

        var rest = api.send(api.get(path(id), "a").header("Last-Event-ID", "3"));
        var nothing = api.send(api.get(path(id), "a").header("Last-Event-ID", "4"));

        assertThat(rest.body()).contains("event: ended").doesNotContain("event: active");
        assertThat(nothing.statusCode()).isEqualTo(204);
        assertProblem(api.send(api.get(path(id), "a").header("Last-Event-ID", "x")), 400);
    }

    @Test
    void theStorySoFarCanBeAskedForAlone() throws Exception {
        var id = api.claim("a", 1);

        assertThat(api.send(api.get(path(id) + "?follow=false", "a")).body())
                .contains("event: waiting");
        assertProblem(api.send(api.get(path(id) + "?follow=maybe", "a")), 400);
    }

    @Test
    void aSilentStreamIsKeptAlive() throws Exception {
        var id = api.claim("a", 1);
        try (var events = follow(id)) {
            assertThat(next(events)).isEqualTo("waiting");
            assertThat(line(events, ": ")).isEqualTo(": still here");
        }
    }

    @Test
    void oneUserMayFollowOnlySoMany() throws Exception {
        var id = api.claim("a", 1);
        var open = new ArrayList<BufferedReader>();
        try {
            for (int i = 0; i < 3; i++) {
                open.add(follow(id));
                assertThat(next(open.getLast())).isEqualTo("waiting");
            }
            assertProblem(api.send(api.get(path(id), "a")), 429);
        } finally {
            for (var stream : open) {
                stream.close();
            }
        }
        // Lost clients are noticed, and make room.
        int status = 429;
        while (status == 429) {
            status = api.send(api.get(path(id) + "?follow=false", "a")).statusCode();
        }
        assertThat(status).isEqualTo(200);
    }

    @Test
    void streamsAndWaitingLaunchesEndWhenTheServerStops() throws Exception {
        var id = api.claim("a", 1);
        var waiting =
                api.client()
                        .sendAsync(
                                api.post("/api/containers/launch", "{\"image_id\": 3}")
                                        .header("Authorization", "Bearer user:a")
                                        .build(),
                                BodyHandlers.ofString());
        try (var events = follow(id)) {
            assertThat(next(events)).isEqualTo("waiting");
            api.awaitInserted(2);
            api.stop();
            assertThat(next(events)).isEqualTo("[closed]");
        }
        assertProblem(waiting.get(), 503);
        assertThat(waiting.get().headers().firstValue("Retry-After")).isPresent();
    }

    private static ApiSettings lively() {
        return new ApiSettings(
                List.of(),
                List.of(),
                "admin",
                Duration.ofSeconds(120),
                Duration.ofSeconds(2),
                Duration.ofSeconds(30),
                Duration.ofSeconds(20),
                1000,
                3,
                Duration.ofMillis(100),
                600,
                Duration.ofSeconds(5));
    }

    private static String path(AllocationId id) {
        return "/api/containers/" + id + "/events";
    }

    private BufferedReader follow(AllocationId id) throws Exception {
        HttpResponse<InputStream> answer =
                api.client().send(api.get(path(id), "a").build(), BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    private static String next(BufferedReader events) throws Exception {
        var line = line(events, "event: ");
        return line == null ? "[closed]" : line.substring("event: ".length());
    }

    private static String line(BufferedReader events, String start) throws Exception {
        String line = events.readLine();
        while (line != null && !line.startsWith(start)) {
            line = events.readLine();
        }
        return line;
    }
}
