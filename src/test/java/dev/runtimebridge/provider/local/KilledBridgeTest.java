package dev.runtimebridge.provider.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.allocation.Ids;
import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.catalog.Architecture;
import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.provider.Batch;
import dev.runtimebridge.provider.FileTrees;
import dev.runtimebridge.provider.Observation;
import dev.runtimebridge.provider.Started;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/** Kills a process that starts containers, as early as its files show how far it is. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class KilledBridgeTest {
    private static final int CONTAINERS = 4;
    private static final Batch BATCH =
            new Batch(
                    "killed",
                    new Image(
                            new ImageId(1),
                            "Shell",
                            "shell",
                            1,
                            new Image.Run("sh", "none", "none"),
                            new Image.Size(1, 1, Architecture.X86_64),
                            true),
                    CONTAINERS);

    @TempDir private Path temporary;

    @BeforeEach
    void anAgent() throws IOException {
        var supervisor = Files.createDirectories(temporary.resolve("bin")).resolve("run-agent");
        Files.writeString(
                supervisor,
                """
                #!/bin/sh
                trap 'exit 0' TERM
                mkfifo "$AGENT_STATE/in"
                while :; do read -r line <"$AGENT_STATE/in"; done
                """);
        Files.setPosixFilePermissions(supervisor, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterEach
    void endEverything() throws IOException {
        var provider = open(temporary, false);
        provider.owned().forEach(ref -> provider.stop(ref, "the test is over"));
        FileTrees.delete(temporary.resolve("data"));
    }

    @ParameterizedTest
    @CsvSource({
        "place.json, 1, true", "place.json, 4, true", "process.json, 2, true",
        "place.json, 1, false", "place.json, 4, false", "process.json, 2, false"
    })
    void theNextBridgeFindsEverythingThatAKilledOneBegan(String record, int count, boolean sandbox)
            throws Exception {
        killedAfter(record, count, sandbox);

        var provider = open(temporary, sandbox);
        var refs =
                provider.start(BATCH).stream()
                        .map(started -> ((Started.Accepted) started).ref())
                        .toList();
        assertThat(provider.owned()).containsExactlyInAnyOrderElementsOf(refs).hasSize(CONTAINERS);
        assertThat(provider.observe(refs).values())
                .allMatch(Observation.Reachable.class::isInstance)
                .doesNotHaveDuplicates();
        refs.forEach(ref -> provider.stop(ref, "test"));
        assertThat(provider.owned()).isEmpty();
    }

    private void killedAfter(String record, int count, boolean sandbox) throws Exception {
        var killed =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                StartsContainers.class.getName(),
                                temporary.toString(),
                                Boolean.toString(sandbox))
                        .redirectErrorStream(true)
                        .redirectOutput(new File("/dev/null"))
                        .start();
        try {
            LocalContract.until(
                    count + " of " + record, () -> records(record) >= count || !killed.isAlive());
        } finally {
            killed.destroyForcibly().waitFor();
        }
        assertThat(records(record)).isGreaterThanOrEqualTo(count);
    }

    private long records(String name) {
        try (var files = Files.find(temporary, 4, (file, _) -> file.endsWith(name))) {
            return files.filter(file -> file.toString().contains("containers/")).count();
        } catch (IOException | java.io.UncheckedIOException e) {
            return 0; // a file was renamed while it was looked at
        }
    }

    private static LocalProvider open(Path folder, boolean sandbox) throws IOException {
        var provider =
                LocalProvider.open(
                        new LocalSettings(
                                folder.resolve("data"),
                                "/usr/bin:/bin",
                                new AgentSoftware(
                                        folder.resolve("bin/run-agent"),
                                        folder.resolve("bin"),
                                        Path.of(System.getProperty("java.home"))),
                                "none",
                                () -> URI.create("http://127.0.0.1:9"),
                                LocalSettings.AGENT_PORT,
                                LocalSettings.SSH_PORT,
                                Map.of(),
                                Duration.ofMillis(200),
                                sandbox),
                        new Ids(new SecureRandom()),
                        InstantSource.system());
        assertThat(provider.isolation().sandboxed()).isEqualTo(sandbox);
        return provider;
    }

    /** The process that is killed. */
    static final class StartsContainers {
        public static void main(String[] arguments) throws IOException, InterruptedException {
            open(Path.of(arguments[0]), Boolean.parseBoolean(arguments[1])).start(BATCH);
            Thread.currentThread().join(); // until it is killed
        }
    }
}
