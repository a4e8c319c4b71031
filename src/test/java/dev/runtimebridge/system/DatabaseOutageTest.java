package dev.runtimebridge.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.system.UserOfTheApi.Answer;
import dev.runtimebridge.testing.MariaDbServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A bridge whose database goes away and comes back. */
@Timeout(240)
class DatabaseOutageTest {
    @TempDir private Path folder;

    /** A way for a database to be away, and what {@code /readyz} then says. */
    private record Outage(String name, Runnable begin, Runnable end) {}

    @Test
    void launchesAreToldToComeAgainContainersWorkOnAndItRecoversByItself() throws Exception {
        try (var server = MariaDbServer.start()) {
            var deployment = new Deployment(server);
            try (var bridge = deployment.bridge(folder.resolve("data"))) {
                var user = deployment.user(bridge, "7");
                var launched = user.launch();
                assertThat(launched.status()).as(launched.body()).isEqualTo(200);
                var login = user.get("/api/containers/" + launched.text("id") + "/ssh");
                var ssh = new OpenSsh(folder.resolve("ssh"), login);
                for (var outage :
                        List.of(
                                new Outage("stopped", server::stop, server::startAgain),
                                new Outage("killed", server::kill, server::startAgain),
                                new Outage(
                                        "read only",
                                        () -> server.readOnly(true),
                                        () -> server.readOnly(false)),
                                new Outage("frozen", server::pause, server::resume))) {
                    outage.begin().run();
                    try {
                        var newcomer = deployment.user(bridge, outage.name().replace(' ', '-'));
                        refused(outage, newcomer.launch());
                        var notReady = readiness(user, 503);
                        refused(outage, notReady);
                        assertThat(notReady.body()).contains("database");
                        assertThat(user.get("/healthz").status()).isEqualTo(200);
                        assertThat(ssh.run("echo on").out()).isEqualTo("on\n");
                    } finally {
                        outage.end().run();
                    }
                    var back =
                            IntStream.range(0, 1_000)
                                    .mapToObj(_ -> user.launch())
                                    .filter(answer -> answer.status() == 200)
                                    .findFirst();
                    assertThat(back).as(outage.name()).isNotEmpty();
                    assertThat(back.get().json()).as(outage.name()).isEqualTo(launched.json());
                    assertThat(readiness(user, 200).status()).as(outage.name()).isEqualTo(200);
                }
                var last = deployment.user(bridge, "after-all").launch();
                assertThat(last.status()).as(last.body()).isEqualTo(200);
            }
        }
    }

    /**
     * Asks until it is so: the answer is kept for a second, so that a flood of the question costs
     * nothing.
     */
    private static Answer readiness(UserOfTheApi user, int expected) {
        return Stream.generate(() -> user.get("/readyz"))
                .limit(20_000)
                .filter(answer -> answer.status() == expected)
                .findFirst()
                .orElseGet(() -> user.get("/readyz"));
    }

    private static void refused(Outage outage, Answer answer) {
        assertThat(answer.status()).as("%s: %s", outage.name(), answer).isEqualTo(503);
        assertThat(answer.retryAfterSeconds()).as("%s: %s", outage.name(), answer).isNotEmpty();
        assertThat(answer.text("error")).isNotBlank();
    }
}
