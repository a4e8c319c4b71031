package dev.runtimebridge.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runtimebridge.testing.MariaDbServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A bridge that cannot start says why in one line, and leaves nothing behind. */
@Timeout(180)
class BadEndsTest {
    @TempDir private Path folder;

    @AfterEach
    void nothingIsLeft() throws Exception {
        WorkspaceProcesses.end(folder);
    }

    private BridgeProcess.End up(Path data, int port) throws Exception {
        return BridgeProcess.run(
                data, Map.of(), "up", "--port", Integer.toString(port), "--data", data.toString());
    }

    private void saysInOneLine(BridgeProcess.End end, Path data, String... words) throws Exception {
        assertThat(end.status()).as(end.err()).isEqualTo(1);
        assertThat(end.out()).isEmpty();
        assertThat(end.err()).startsWith("bridge: ").hasLineCount(1).contains(words);
        assertThat(WorkspaceProcesses.of(data).stream().map(WorkspaceProcesses::describe))
                .isEmpty();
    }

    @Test
    void aPortInUse() throws Exception {
        var data = folder.resolve("data");
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            saysInOneLine(up(data, port), data, "port " + port, "in use");
        }
    }

    @Test
    void aFolderThatAnotherBridgeHasAndThatBridgeGoesOn() throws Exception {
        var data = folder.resolve("data");
        try (var first = BridgeProcess.up(data, 0)) {
            var user = UserOfTheApi.of(first, "7");
            var end = up(data, 0);
            assertThat(end.status()).isEqualTo(1);
            assertThat(end.out()).isEmpty();
            assertThat(end.err()).startsWith("bridge: ").hasLineCount(1).contains(data.toString());
            assertThat(user.get("/readyz").status()).isEqualTo(200);
        }
    }

    @Test
    void aDamagedDatabaseFileWhichIsLeftAsItIs() throws Exception {
        var data = folder.resolve("data");
        try (var first = BridgeProcess.up(data, 0)) {
            first.url();
            first.terminate();
            assertThat(first.awaitEnd().err()).isEmpty();
        }
        Path database;
        try (var files = Files.list(data)) {
            database =
                    files.filter(file -> file.toString().endsWith(".mv.db"))
                            .findFirst()
                            .orElseThrow();
        }
        var damaged = "no database at all\n".repeat(2_000).getBytes(StandardCharsets.UTF_8);
        Files.write(database, damaged);
        saysInOneLine(up(data, 0), data, data.toString());
        assertThat(database).hasBinaryContent(damaged);
    }

    @Test
    void damagedKeys() throws Exception {
        var data = Files.createDirectory(folder.resolve("data"));
        Files.writeString(data.resolve("keys.env"), "JWT_SECRET=short\n");
        saysInOneLine(up(data, 0), data, "keys.env is damaged", "API_KEY_MASTER");
    }

    @Test
    void aFolderThatIsAFile() throws Exception {
        var data = Files.createFile(folder.resolve("data"));
        saysInOneLine(up(data, 0), data, data.toString());
    }

    @Test
    void whatServeMissesIsNamedAllAtOnce() throws Exception {
        var end = BridgeProcess.run(folder.resolve("data"), Map.of(), "serve");
        assertThat(end.status()).isEqualTo(1);
        assertThat(end.out()).isEmpty();
        assertThat(end.err().lines()).allMatch(line -> line.startsWith("bridge: ")).hasSize(8);
        assertThat(end.err())
                .contains("PROVIDER", "DB_URI", "DB_DATABASE", "DB_USER", "AUTH_MODE")
                .contains("SEALING_KEYS", "API_KEY_MASTER", "BRIDGE_SIGNING_KEY");
    }

    @Test
    void aDatabaseServerThatIsDownOrRefusesTheLoginAndMigrate() throws Exception {
        var data = folder.resolve("data");
        var deployment = new Deployment(MariaDbServer.shared());
        var migrated = BridgeProcess.run(data, deployment.configuration(), "migrate");
        assertThat(migrated.status()).as(migrated.err()).isZero();
        assertThat(migrated.out()).isEqualTo("the database is up to date\n");

        var right = deployment.configuration().get("DB_PASSWORD");
        deployment.with("DB_PASSWORD", "sentinel-wrong-password");
        for (var command : new String[] {"migrate", "serve"}) {
            var refused = BridgeProcess.run(data, deployment.configuration(), command);
            saysInOneLine(refused, data, "refuse");
            assertThat(refused.err()).doesNotContain("sentinel-wrong-password");
        }

        deployment.with("DB_PASSWORD", right);
        try (var nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            deployment.with("DB_PORT", Integer.toString(nobody.getLocalPort()));
        }
        var down = BridgeProcess.run(data, deployment.configuration(), "migrate");
        saysInOneLine(down, data, "reach");
    }
}
