package dev.runtimebridge.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.runtimebridge.secret.Secret;
import dev.runtimebridge.store.DatabaseSettings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real MariaDB server, started for this JVM in a temporary folder, on a free port of the loopback
 * address. Ends with the JVM, also when a test fails. Tests that stop, pause or lock it start one
 * of their own with {@link #start}.
 */
public final class MariaDbServer implements AutoCloseable {
    private static final Duration LONGEST_START = Duration.ofSeconds(60);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(20);
    private static final String USER = "bridge";
    private static final String PASSWORD = "sentinel-database-password";
    private static final int TRIES_FOR_A_PORT = 5;

    private final Path folder;
    private final Thread atExit = new Thread(this::end, "mariadb-end");
    private int port;
    private Process server;

    private static final class Shared {
        private static final MariaDbServer SERVER = start();
    }

    private MariaDbServer(Path folder) {
        this.folder = folder;
    }

    /** The server of this JVM; started at the first call, not to be stopped by tests. */
    public static MariaDbServer shared() {
        return Shared.SERVER;
    }

    /** A server of one's own; close it. */
    public static MariaDbServer start() {
        var binary = binary("mariadbd");
        var installer = binary("mariadb-install-db");
        try {
            var folder = Files.createTempDirectory("mariadb-");
            var server = new MariaDbServer(folder);
            Runtime.getRuntime().addShutdownHook(server.atExit);
            try {
                server.install(installer);
                server.run(binary);
                server.execute("create user '" + USER + "'@'%' identified by '" + PASSWORD + "'");
                return server;
            } catch (RuntimeException | IOException e) {
                server.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An empty database, and the settings to reach it as a user without special rights. */
    public DatabaseSettings newDatabase(DatabaseSettings.Limits limits) {
        var name = "t" + UUID.randomUUID().toString().replace("-", "");
        execute(
                "create database " + name + " character set utf8mb4",
                "grant all on " + name + ".* to '" + USER + "'@'%'");
        return DatabaseSettings.mySql("127.0.0.1", port, name, USER, new Secret(PASSWORD), limits);
    }

    /** Lets the server refuse or take writes of ordinary users. */
    public void readOnly(boolean readOnly) {
        execute("set global read_only = " + (readOnly ? 1 : 0));
    }

    /** Stops the server in good order; its data and port stay. */
    public void stop() {
        server.destroy();
        awaitEnd(server);
    }

    /** Ends the server as a crash would; its data and port stay. */
    public void kill() {
        server.destroyForcibly();
        awaitEnd(server);
    }

    /** Starts a stopped server again on the same port. */
    public void startAgain() {
        launch(binary("mariadbd"));
        awaitAnswer();
    }

    /** Freezes the server: it keeps its connections and answers nothing. */
    public void pause() {
        signal("STOP");
    }

    public void resume() {
        signal("CONT");
    }

    /** Runs statements as root, each in autocommit. */
    public void execute(String... statements) {
        try (var connection = rootConnection();
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("MariaDB refused a statement of the fixture", e);
        }
    }

    /** A connection of root, without the bridge's options. */
    public Connection rootConnection() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:mysql://127.0.0.1:" + port + "/?connectTimeout=5000", "root", "");
    }

    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The JVM is ending: the hook runs, or has run, and finds nothing left to do.
        }
    }

    private void install(Path installer) throws IOException {
        var command =
                new ArrayList<>(
                        List.of(
                                installer.toString(),
                                "--no-defaults",
                                "--datadir=" + folder.resolve("data"),
                                "--auth-root-authentication-method=normal",
                                "--skip-test-db"));
        asMysql().ifPresent(command::add);
        if (asMysql().isPresent()) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
            chownToMysql();
        }
        var log = folder.resolve("install.log");
        var process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        if (!waitFor(process, LONGEST_START) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException(
                    "mariadb-install-db failed: " + Files.readString(log, UTF_8));
        }
    }

    private void run(Path binary) {
        for (int attempt = 1; ; attempt++) {
            port = freePort();
            launch(binary);
            try {
                awaitAnswer();
                return;
            } catch (IllegalStateException e) {
                // Somebody else may have taken the port meanwhile.
                if (attempt == TRIES_FOR_A_PORT) {
                    throw e;
                }
            }
        }
    }

    private void launch(Path binary) {
        var command =
                new ArrayList<>(
                        List.of(
                                binary.toString(),
                                "--no-defaults",
                                "--datadir=" + folder.resolve("data"),
                                "--socket=" + folder.resolve("s.sock"),
                                "--port=" + port,
                                "--bind-address=127.0.0.1",
                                "--skip-networking=0",
                                "--skip-name-resolve",
                                "--max-connections=300",
                                "--innodb-buffer-pool-size=64M",
                                "--pid-file=" + folder.resolve("pid"),
                                "--log-error=" + folder.resolve("err.log")));
        asMysql().ifPresent(command::add);
        try {
            server =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitAnswer() {
        long deadline = System.nanoTime() + LONGEST_START.toNanos();
        while (true) {
            try (var _ = rootConnection()) {
                return;
            } catch (SQLException e) {
                if (!server.isAlive() || System.nanoTime() > deadline) {
                    server.destroyForcibly();
                    throw new IllegalStateException("mariadbd does not start: " + errors(), e);
                }
            }
            // Nothing tells when it listens; its end, which is what this waits for, does.
            waitFor(server, Duration.ofMillis(50));
        }
    }

    private String errors() {
        try {
            var log = folder.resolve("err.log");
            return Files.exists(log) ? Files.readString(log, UTF_8) : "it wrote no log";
        } catch (IOException e) {
            return "its log cannot be read: " + e.getMessage();
        }
    }

    private void end() {
        if (server != null && server.isAlive()) {
            server.destroyForcibly();
            awaitEnd(server);
        }
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void signal(String name) {
        try {
            var kill = new ProcessBuilder("kill", "-" + name, "" + server.pid()).start();
            if (!waitFor(kill, LONGEST_STOP) || kill.exitValue() != 0) {
                throw new IllegalStateException("kill -" + name + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void chownToMysql() throws IOException {
        var mysql =
                folder.getFileSystem()
                        .getUserPrincipalLookupService()
                        .lookupPrincipalByName("mysql");
        Files.setOwner(folder, mysql);
    }

    /** MariaDB refuses to run as root. */
    private static Optional<String> asMysql() {
        return "root".equals(System.getProperty("user.name"))
                ? Optional.of("--user=mysql")
                : Optional.empty();
    }

    private static Path binary(String name) {
        return Stream.of("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin")
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        name + " is missing: install the package mariadb-server"));
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitEnd(Process process) {
        if (!waitFor(process, LONGEST_STOP)) {
            process.destroyForcibly();
            throw new IllegalStateException("mariadbd did not end");
        }
    }

    private static boolean waitFor(Process process, Duration most) {
        try {
            return process.waitFor(most.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a process", e);
        }
    }
}
