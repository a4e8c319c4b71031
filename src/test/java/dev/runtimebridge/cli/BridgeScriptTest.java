package dev.runtimebridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The script itself, in a folder of its own with a Maven and a JDK that only say what they do. */
@Timeout(60)
class BridgeScriptTest {
    private static final Path ROOT = Path.of(System.getProperty("user.dir")).getParent();
    private static final String MAVEN =
            """
            #!/bin/sh
            echo "mvn $*" >>calls
            if [ -e broken ]; then
                echo '[ERROR] COMPILATION ERROR : '
                echo '[ERROR] /src/Some.java:[1,2] not a statement'
                echo '[INFO] 1 error'
                exit 1
            fi
            mkdir -p target/bridge/lib target/runtime-agent/lib
            touch target/bridge/runtime-bridge.jar target/bridge/lib/a.jar
            touch target/runtime-agent/runtime-agent.jar target/runtime-agent/lib/b.jar
            """;

    @TempDir private Path folder;
    private Path jdk;

    private record Run(int status, String out, String err) {}

    @BeforeEach
    void aCheckout() throws IOException {
        program("bridge", Files.readString(ROOT.resolve("bridge")));
        for (var module : List.of("src", "openapi", "runtime-agent")) {
            Files.createDirectories(folder.resolve(module).resolve("src/main"));
            Files.createDirectories(folder.resolve(module).resolve("main"));
            Files.writeString(folder.resolve(module).resolve("pom.xml"), "");
        }
        Files.writeString(folder.resolve("pom.xml"), "<version>1.2.3</version>");
        var help =
                Files.createDirectories(folder.resolve("src/main/resources/dev/runtimebridge/cli"));
        Files.copy(
                ROOT.resolve("src/main/resources/dev/runtimebridge/cli/help.txt"),
                help.resolve("help.txt"));
        program("runtime-agent/bin/train-agent", "#!/bin/sh\n");
        Files.createDirectories(folder.resolve("deploy"));
        Files.writeString(folder.resolve("deploy/jvm-flags"), "-XX:+UseSerialGC\n");
        program("runtime-agent/images/base/start", "#!/bin/sh\n");
        program("tools/mvn", MAVEN);
        jdk = folder.resolve("jdk");
        program("jdk/bin/javac", "#!/bin/sh\n");
        program("jdk/bin/java", "#!/bin/sh\necho java \"$@\"\nexit 42\n");
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
    }

    private void program(String name, String text) throws IOException {
        var file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Run bridge(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(folder.resolve("bridge").toString());
        command.addAll(List.of(arguments));
        var errors = folder.resolve("errors").toFile();
        var builder = new ProcessBuilder(command).redirectError(errors);
        builder.environment().put("BRIDGE_JAVA", jdk.toString());
        builder.environment().put("PATH", folder.resolve("tools") + ":/usr/bin:/bin");
        var process = builder.start();
        process.getOutputStream().close();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), out, Files.readString(errors.toPath()));
    }

    private long builds() throws IOException {
        var calls = folder.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls).size() : 0;
    }

    @Test
    void theHelpPageNeedsNeitherAJdkNorABuild() throws Exception {
        Files.delete(jdk.resolve("release"));
        for (var asked : List.of("--help", "-h", "help")) {
            var run = bridge(asked);
            assertThat(run.out()).contains("Try it", "Run it", "Work on it");
            assertThat(run.status()).isZero();
        }
        assertThat(builds()).isZero();
    }

    @Test
    void itBuildsOnceAndAgainOnlyWhenASourceIsNewer() throws Exception {
        var first = bridge("ps", "--user", "7");
        assertThat(first.status()).isEqualTo(42);
        assertThat(first.out()).contains("runtime-bridge.jar ps --user 7");
        bridge("ps");
        assertThat(builds()).isEqualTo(1);

        var source = folder.resolve("src/main/New.java");
        Files.writeString(source, "");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
        bridge("ps");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void aServerRunsByTheFlagsOfTheContainerImage() throws Exception {
        assertThat(bridge("serve").out()).contains("@", "bridge/jvm-flags", "serve");
        assertThat(folder.resolve("target/dist/current/bridge/jvm-flags")).exists();
        assertThat(bridge("up").out()).doesNotContain("jvm-flags");
    }

    @Test
    void whatFailsToCompileIsShownAndNothingRuns() throws Exception {
        Files.writeString(folder.resolve("broken"), "");
        var run = bridge("up");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("/src/Some.java:[1,2] not a statement", "the build failed");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void aJdkThatIsTooOldIsNamed() throws Exception {
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"21.0.4\"\n");
        var run = bridge("up");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo("bridge: BRIDGE_JAVA=" + jdk + " is not a JDK 25 or newer\n");
    }

    @Test
    void theVersionIsTold() throws Exception {
        assertThat(bridge("--version").out()).startsWith("runtime-bridge 1.2.3");
    }
}
