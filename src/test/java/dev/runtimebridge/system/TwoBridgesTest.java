package dev.runtimebridge.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.system.UserOfTheApi.Answer;
import dev.runtimebridge.testing.MariaDbServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Two bridges on one database, each with a folder for its containers. */
@Timeout(180)
class TwoBridgesTest {
    private static final String HOLDS_THE_LEASE = "runs the loops";

    @TempDir private Path folder;

    private final Deployment deployment =
            new Deployment(MariaDbServer.shared()).with("MAX_WAITING_PER_USER", "1000");

    @Test
    void aThousandLaunchesAtOnceGiveOneContainer() throws Exception {
        try (var first = deployment.bridge(folder.resolve("first"));
                var second = deployment.bridge(folder.resolve("second"))) {
            var there = deployment.user(first, "7");
            var here = deployment.user(second, "7");
            var answers =
                    IntStream.range(0, 500)
                            .boxed()
                            .flatMap(_ -> List.of(there, here).stream())
                            .map(user -> user.launchLater(""))
                            .toList();
            var ids = new HashSet<String>();
            for (var answer : answers) {
                var last = answer.join();
                while (last.status() != 200) { // which is what Retry-After asks of a client
                    isServedOrToldWhen(last);
                    last = here.launch();
                }
                ids.add(last.text("id") + " at " + last.text("url"));
            }
            assertThat(ids).hasSize(1);
            assertThat(there.get("/api/containers?ended=100").json().get("containers")).hasSize(1);
            assertThat(containersIn(first) + containersIn(second)).isEqualTo(1);
        }
    }

    @Test
    void theOtherTakesOverWhenTheOneThatRunsTheLoopsDiesAmidALaunch() throws Exception {
        try (var first = deployment.bridge(folder.resolve("first"))) {
            first.awaitSaid(HOLDS_THE_LEASE);
            try (var second = deployment.bridge(folder.resolve("second"))) {
                var there = deployment.user(first, "7");
                var here = deployment.user(second, "7");
                var id = there.launchLater("respond-async").join().text("id");
                var lost = there.launchLater("");
                var joined = here.launchLater("");
                here.followUntil(id, "starting");
                first.kill();

                second.awaitSaid(HOLDS_THE_LEASE);
                assertThat(lost).failsWithin(Duration.ofSeconds(10));
                assertThat(joined.join().status()).as(joined.join().body()).isEqualTo(200);
                assertThat(here.launch().text("id")).isEqualTo(joined.join().text("id"));
                assertThat(here.get("/api/containers").json().get("containers")).hasSize(1);
                assertThat(containersIn(second)).isEqualTo(1);
            }
        }
    }

    @Test
    void oneThatSleptPastItsLeaseWritesNothingAnyMoreAndServesOn() throws Exception {
        try (var first = deployment.bridge(folder.resolve("first"))) {
            first.awaitSaid(HOLDS_THE_LEASE);
            try (var second = deployment.bridge(folder.resolve("second"))) {
                second.url();
                first.signal("STOP");
                second.awaitSaid(HOLDS_THE_LEASE);
                var launched = deployment.user(second, "7").launch();
                assertThat(launched.status()).as(launched.body()).isEqualTo(200);
                first.signal("CONT");
                first.awaitSaid("another bridge runs the loops");
                var again = deployment.user(first, "7").launch();
                assertThat(again.json()).isEqualTo(launched.json());
                assertThat(containersIn(first)).isZero();
            }
        }
    }

    @Test
    void aBridgeThatIsToldToEndAnswersEveryLaunchThatWaits() throws Exception {
        try (var bridge = deployment.bridge(folder.resolve("first"))) {
            var user = deployment.user(bridge, "7");
            var id = user.launchLater("respond-async").join().text("id");
            var waiting = IntStream.range(0, 50).mapToObj(_ -> user.launchLater("")).toList();
            user.followUntil(id, "starting");
            bridge.terminate();
            CompletableFuture.allOf(waiting.toArray(CompletableFuture<?>[]::new)).join();
            for (var answer : waiting) {
                assertThat(answer.join()).satisfies(TwoBridgesTest::isServedOrToldWhen);
            }
            assertThat(bridge.awaitEnd().status()).isEqualTo(143);
        }
    }

    private static void isServedOrToldWhen(Answer answer) {
        if (answer.status() != 200) {
            assertThat(answer.status()).as(answer.body()).isEqualTo(503);
            assertThat(answer.text("error")).isNotBlank();
            assertThat(answer.retryAfterSeconds()).isNotEmpty();
        }
    }

    private static long containersIn(BridgeProcess bridge) throws Exception {
        try (var folders = Files.list(bridge.data().resolve("containers"))) {
            return folders.count();
        }
    }
}
