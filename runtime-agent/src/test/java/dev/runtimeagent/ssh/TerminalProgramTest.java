package dev.runtimeagent.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.runtimeagent.config.LoginDefaults;
import dev.runtimeagent.ssh.SessionCommand.ChannelStreams;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

@Timeout(30)
class TerminalProgramTest {
    /** More than the pipe holds, so that writing it takes a reader. */
    private static final int KEYS = 100_000;

    @TempDir Path folder;

    @Test
    void keysThatComeAfterItsEndAreTakenUntilTheChannelCloses() throws Exception {
        try (var scheduler = Executors.newSingleThreadScheduledExecutor();
                var keyboard = new PipedOutputStream()) {
            var programs =
                    new SessionPrograms(
                            SshFixture.settings(folder),
                            LoginDefaults.fromEnvironment(),
                            scheduler);
            var streams =
                    new ChannelStreams(
                            new PipedInputStream(keyboard),
                            new ByteArrayOutputStream(),
                            new ByteArrayOutputStream());
            var status = new CompletableFuture<Integer>();
            TerminalProgram.start(
                    programs,
                    "exit 5",
                    Map.of(),
                    streams,
                    (exit, message, closedAtOnce) -> status.complete(exit));

            assertThat(status.get(10, TimeUnit.SECONDS)).isEqualTo(5);
            assertThatNoException().isThrownBy(() -> keyboard.write(new byte[KEYS]));
            programs.endAll();
        }
    }
}
