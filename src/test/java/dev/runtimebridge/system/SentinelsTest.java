package dev.runtimebridge.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.runtimebridge.testing.MariaDbServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** No secret turns up where others could read it. */
@Timeout(180)
class SentinelsTest {
    @TempDir private Path folder;

    private final Map<String, String> secrets = new HashMap<>();

    @Test
    void noSecretIsInAnyLogProcessListErrorAnswerOrInClearInTheDatabase() throws Exception {
        var data = folder.resolve("data");
        var deployment = new Deployment(MariaDbServer.shared()).with("DEBUG", "true");
        secrets.putAll(deployment.secrets());
        assertThat(secrets).hasSize(5);
        try (var bridge = deployment.bridge(data)) {
            var user = deployment.user(bridge, "7");
            var launched = user.launch();
            assertThat(launched.status()).as(launched.body()).isEqualTo(200);
            var path = "/api/containers/" + launched.text("id");
            var login = user.get(path + "/ssh");
            var ssh = new OpenSsh(folder.resolve("ssh"), login);
            assertThat(ssh.run("true").status()).isZero();
            try (var ide = new SocketIoClient(launched, "websocket")) {
                ide.await("MESSAGE");
                ide.emit("AUTHENTICATE", Map.of("token", user.token()));
                ide.await("AUTHENTICATE");
                ide.emit("SSH_CONNECT", "").type("echo $((40 + 2))\r").awaitScreen("42");
            }
            secrets.put("the SSH password", login.text("password"));
            secrets.put("the API key", apiKey(data));
            secrets.put("a user's token", user.token().substring(user.token().lastIndexOf('.')));

            for (var process : WorkspaceProcesses.of(data)) {
                var name = WorkspaceProcesses.describe(process);
                nothingIn(name, WorkspaceProcesses.text(process.pid(), "cmdline"));
                if (process.pid() != bridge.pid()) { // which has its configuration from there
                    nothingIn(name, WorkspaceProcesses.text(process.pid(), "environ"));
                }
            }
            assertThat(ssh.run("cat /proc/*/environ /proc/*/cmdline | tr '\\0' '\\n'").out())
                    .contains("AGENT")
                    .satisfies(shown -> nothingIn("what a user sees of processes", shown));
            nothingIn("the database", everyRow(deployment));

            user.get("/api/containers/" + "a".repeat(26));
            user.get("/api/nothing");
            user.launchLater("wait=x").join();
            var foreign = deployment.user(bridge, "8");
            assertThat(foreign.get(path + "/ssh").status()).isEqualTo(404);
            assertThat(user.stop(launched.text("id")).status()).isEqualTo(202);
            user.followUntil(launched.text("id"), "ended");
            assertThat(user.get(path + "/ssh").status()).isEqualTo(409);
            user.get("/api/containers?ended=10");
            bridge.terminate();
            nothingIn("the bridge's output", bridge.awaitEnd().err() + bridge.said());

            user.seen().remove(login);
            user.seen().forEach(answer -> nothingIn("an answer", answer.body()));
            foreign.seen().forEach(answer -> nothingIn("an answer", answer.body()));
            nothingInFiles(data);
        }
    }

    private static String apiKey(Path data) throws IOException {
        try (var files = Files.walk(data)) {
            var identity =
                    files.filter(file -> file.endsWith("identity.json")).findFirst().orElseThrow();
            return new ObjectMapper().readTree(identity.toFile()).get("api_key").asText();
        }
    }

    private static String everyRow(Deployment deployment) throws SQLException {
        var rows = new StringBuilder();
        try (var root = MariaDbServer.shared().rootConnection()) {
            root.setCatalog(deployment.databaseName());
            var tables =
                    root.getMetaData()
                            .getTables(
                                    deployment.databaseName(), null, "%", new String[] {"TABLE"});
            while (tables.next()) {
                try (var statement = root.createStatement();
                        var all =
                                statement.executeQuery(
                                        "select * from `" + tables.getString("TABLE_NAME") + "`")) {
                    while (all.next()) {
                        for (int i = 1; i <= all.getMetaData().getColumnCount(); i++) {
                            rows.append(all.getString(i)).append('\n');
                        }
                    }
                }
            }
        }
        assertThat(rows).containsIgnoringCase("active");
        return rows.toString();
    }

    /** After the stop: an agent's own state is gone, and what is kept is the user's. */
    private void nothingInFiles(Path data) throws IOException {
        try (var files = Files.walk(data)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                nothingIn(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
    }

    private void nothingIn(String place, String text) {
        secrets.forEach(
                (name, secret) ->
                        assertThat(text.contains(secret)).as("%s in %s", name, place).isFalse());
    }
}
