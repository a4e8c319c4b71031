package dev.runtimebridge.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runtimebridge.allocation.Allocation;
import dev.runtimebridge.allocation.StoreUnavailable;
import dev.runtimebridge.testing.TestDatabases;

import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

class EmbeddedDatabaseTest {
    @TempDir private Path folder;

    private final Rows rows = new Rows(3);

    @Test
    void whatWasStoredIsThereAfterARestart() {
        var claim = rows.claim("7");
        try (var database = open()) {
            new SqlClaims(database).claim(List.of(claim), 5);
        }
        try (var database = open()) {
            assertThat(new SqlClaims(database).find(claim.id()).orElseThrow().allocation())
                    .isEqualTo(claim);
        }
    }

    @Test
    void filesThatAnotherProcessUsesGetOneClearLine() {
        open().close();
        var builder = new MVStore.Builder().fileName(folder.resolve("bridge.mv.db").toString());
        var holder = builder.open();
        try (var database = new Database(settings())) {
            assertThatThrownBy(database::migrate)
                    .isInstanceOf(DatabaseUnusable.class)
                    .hasMessageContaining(folder.resolve("bridge").toString())
                    .hasMessageContaining("in use by another process")
                    .hasMessageNotContaining("\n");
        } finally {
            holder.close();
        }
    }

    @Test
    void brokenFilesGetOneClearLine() throws IOException {
        Files.write(folder.resolve("bridge.mv.db"), new byte[20_000]);
        try (var database = new Database(settings())) {
            assertThatThrownBy(database::migrate)
                    .isInstanceOf(DatabaseUnusable.class)
                    .hasMessageContaining("cannot be read")
                    .hasMessageNotContaining("\n");
        }
    }

    @Test
    void interruptedThreadsDoNotHarmTheFiles() throws InterruptedException {
        try (var database = open()) {
            var claims = new SqlClaims(database);
            var stored = new AtomicInteger();
            for (int i = 0; i < 200; i++) {
                Allocation claim = rows.claim("user-" + i);
                var thread =
                        Thread.ofVirtual()
                                .start(
                                        () -> {
                                            Thread.currentThread().interrupt();
                                            try {
                                                claims.claim(List.of(claim), 5);
                                                stored.incrementAndGet();
                                            } catch (StoreUnavailable e) {
                                                // An interrupted caller need not be served.
                                            }
                                        });
                thread.join();
            }
            assertThat(claims.claim(List.of(rows.claim("last")), 5)).hasSize(1);
            assertThat(claims.allLive()).hasSizeGreaterThan(stored.get());
        }
    }

    private DatabaseSettings settings() {
        return DatabaseSettings.embedded(folder, TestDatabases.limits());
    }

    private Database open() {
        var database = new Database(settings());
        database.migrate();
        return database;
    }
}
