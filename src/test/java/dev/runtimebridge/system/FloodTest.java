package dev.runtimebridge.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.BridgeInProcess;
import dev.runtimebridge.allocation.UserId;
import dev.runtimebridge.auth.TokenMinter;
import dev.runtimebridge.config.Development;
import dev.runtimebridge.config.KeyMaterial;
import dev.runtimebridge.testing.FakeProvider;
import dev.runtimebridge.testing.StubAgents;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** One user who asks far more often than anybody should. */
class FloodTest {
    private static final int REQUESTS = 10_000;

    /** Both ends of each are files of this process. */
    private static final int CONNECTIONS = 2_000;

    private static final int WAITING_AT_MOST = 100;
    private static final int RETAINED_MEBIBYTES = 48;
    private static final Duration START_TAKES = Duration.ofSeconds(2);
    private static final Duration LONGEST = Duration.ofMinutes(2);

    @TempDir private Path folder;
    private final StubAgents agents = new StubAgents();
    private final FakeProvider provider =
            new FakeProvider(InstantSource.system(), agents).startsTake(START_TAKES);
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .executor(Executors.newVirtualThreadPerTaskExecutor())
                    .build();
    private BridgeInProcess bridge;
    private TokenMinter tokens;

    @BeforeEach
    void start() throws Exception {
        var keys = KeyMaterial.readOrCreate(folder, new SecureRandom());
        tokens = new TokenMinter(keys.jwtSecret(), InstantSource.system());
        bridge = BridgeInProcess.start(Development.values(Map.of(), folder, 0, keys), provider);
    }

    @AfterEach
    void stop() {
        http.shutdownNow();
        bridge.close();
        agents.close();
    }

    @Test
    void tenThousandLaunchesAtOnceByOneUserGiveOneContainerAndTheRestJoinOrComeAgain()
            throws Exception {
        // As many connections as later, so that what both sides keep for them is there already.
        answers(launches("earlier", CONNECTIONS + WAITING_AT_MOST));
        long before = usedMebibytes();
        var greedy = launches("greedy", REQUESTS);
        var modest = launches("modest", 1).getFirst();
        var answers = answers(greedy);
        var byStatus =
                answers.stream()
                        .collect(
                                Collectors.groupingBy(
                                        HttpResponse::statusCode, Collectors.toList()));

        assertThat(modest.get(LONGEST.toSeconds(), TimeUnit.SECONDS).statusCode())
                .as("somebody else, who asked in the middle of it")
                .isEqualTo(200);
        assertThat(byStatus.keySet()).isSubsetOf(200, 429, 503);
        assertThat(byStatus.get(200)).hasSizeGreaterThanOrEqualTo(WAITING_AT_MOST);
        assertThat(byStatus.get(200).stream().map(HttpResponse::body).distinct())
                .as("who joined got the same container")
                .hasSize(1);
        assertThat(answers)
                .filteredOn(answer -> answer.statusCode() != 200)
                .allMatch(answer -> answer.headers().firstValue("Retry-After").isPresent());
        assertThat(provider.running()).as("earlier's, greedy's and modest's").hasSize(3);
        answers.clear();
        byStatus.clear();
        greedy.clear();
        assertThat(usedMebibytes() - before)
                .as("MiB that stay of 10,000 requests")
                .isLessThan(RETAINED_MEBIBYTES);
    }

    /** All at once, as far as there are connections. */
    private List<CompletableFuture<HttpResponse<String>>> launches(String user, int count) {
        var token =
                tokens.mint(new UserId(user), Optional.empty(), Set.of(), Duration.ofHours(1))
                        .reveal();
        var request =
                HttpRequest.newBuilder(at("/api/containers/launch"))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .timeout(LONGEST)
                        .POST(BodyPublishers.ofString("{\"image_id\": 1}"))
                        .build();
        var connections = new Semaphore(CONNECTIONS);
        var pending = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        for (int i = 0; i < count; i++) {
            connections.acquireUninterruptibly();
            var answer = http.sendAsync(request, BodyHandlers.ofString());
            pending.add(answer.whenComplete((done, fault) -> connections.release()));
        }
        return pending;
    }

    private URI at(String path) {
        return bridge.url().resolve(path);
    }

    private static <T> List<T> answers(List<CompletableFuture<T>> pending) throws Exception {
        var all = new ArrayList<T>();
        for (var each : pending) {
            all.add(each.get(LONGEST.toSeconds(), TimeUnit.SECONDS));
        }
        return all;
    }

    private static long usedMebibytes() {
        System.gc();
        var runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
    }
}
