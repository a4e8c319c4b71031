package dev.runtimebridge.testing;

import dev.runtimebridge.secret.Secret;
import dev.runtimebridge.store.Database;
import dev.runtimebridge.store.DatabaseSettings;

import java.util.UUID;

/** Databases for tests: each call gives an empty one of its own, migrated. Close them. */
public final class TestDatabases {
    private static final int CONNECTIONS = 8;

    private TestDatabases() {}

    /** H2 in memory, gone once it is closed. */
    public static Database h2() {
        return migrated(h2Settings());
    }

    /** Where a new H2 in memory would be; several {@link Database}s may share it. */
    public static DatabaseSettings h2Settings() {
        return new DatabaseSettings(
                "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1",
                "bridge",
                new Secret(""),
                limits());
    }

    /** A database on the real server that all tests of this JVM share. */
    public static Database mariaDb() {
        return migrated(MariaDbServer.shared().newDatabase(limits()));
    }

    public static DatabaseSettings.Limits limits() {
        return DatabaseSettings.Limits.of(CONNECTIONS);
    }

    private static Database migrated(DatabaseSettings settings) {
        var database = new Database(settings);
        database.migrate();
        return database;
    }
}
