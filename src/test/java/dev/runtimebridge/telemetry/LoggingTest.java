package dev.runtimebridge.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.FileHandler;
import java.util.logging.Logger;

/** Changes what the whole process logs to. */
@Isolated
class LoggingTest {
    @TempDir private Path folder;

    @AfterEach
    void asBefore() {
        Logging.toConsole(false);
    }

    @Test
    void whatIsLoggedAfterTheFileWasClosedIsNoFault() throws IOException {
        Logging.toFolder(folder, false);
        var log = Logger.getLogger("dev.runtimebridge.test");
        log.info("before");
        var said = new ByteArrayOutputStream();
        var before = System.err;
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            for (var handler : Logger.getLogger("").getHandlers()) {
                if (handler instanceof FileHandler) {
                    handler.close();
                }
            }
            log.info("after");
        } finally {
            System.setErr(before);
        }
        assertThat(said.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(Files.readString(folder.resolve("bridge.0.log")))
                .contains("before")
                .doesNotContain("after");
    }
}
