package dev.runtimebridge.store;

import dev.runtimebridge.allocation.StoreUnavailable;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Brings the schema up to date, over a connection of its own: outside the pool, so that the first
 * thing that is wrong is told as it is, and so that a long migration is not cut off.
 */
final class Migration {
    private static final Duration LONGEST_STATEMENT = Duration.ofHours(1);
    private static final int H2_IN_USE = 90020;
    private static final int H2_BROKEN = 90030;
    private static final int H2_WRONG_VERSION = 90048;
    private static final int H2_FILE_FAULT = 90031;
    private static final int H2_WRONG_LOGIN = 28000;
    private static final int MYSQL_ACCESS_DENIED = 1045;
    private static final int MYSQL_DATABASE_DENIED = 1044;
    private static final int MYSQL_NO_DATABASE = 1049;

    private final DatabaseSettings settings;

    Migration(DatabaseSettings settings) {
        var limits = settings.limits();
        this.settings =
                new DatabaseSettings(
                        settings.url(),
                        settings.user(),
                        settings.password(),
                        new DatabaseSettings.Limits(
                                limits.connections(),
                                limits.mostWaiting(),
                                limits.longestWait(),
                                limits.connectTimeout(),
                                LONGEST_STATEMENT));
    }

    /**
     * Migrates.
     *
     * @param atEnd runs once all is well, before the last connection closes
     */
    void run(Runnable atEnd) {
        var url = settings.dialect().url(settings);
        // Held open throughout: Flyway would open and close the embedded database's files again.
        try (var connection = connect(url);
                var statement = connection.createStatement()) {
            flyway(url).migrate();
            for (var sql : settings.dialect().tuning()) {
                statement.execute(sql);
            }
            atEnd.run();
        } catch (SQLException e) {
            throw explained(e);
        } catch (FlywayException e) {
            throw schema("could not be brought up to date", e);
        }
    }

    /** How many steps the schema lacks. Changes nothing. */
    int lacking() {
        var url = settings.dialect().url(settings);
        try (var _ = connect(url)) {
            return flyway(url).info().pending().length;
        } catch (SQLException e) {
            throw explained(e);
        } catch (FlywayException e) {
            throw schema("cannot be looked at", e);
        }
    }

    private DatabaseUnusable schema(String what, FlywayException e) {
        return new DatabaseUnusable(
                "the schema of " + settings.place() + " " + what + ": " + Database.firstLine(e),
                false,
                e);
    }

    private Flyway flyway(String url) {
        return Flyway.configure()
                .dataSource(url, settings.user(), settings.password().reveal())
                .locations("classpath:db/migrations")
                .placeholderReplacement(false)
                .connectRetries(0)
                .load();
    }

    private Connection connect(String url) throws SQLException {
        return DriverManager.getConnection(url, settings.user(), settings.password().reveal());
    }

    private RuntimeException explained(SQLException e) {
        var place = settings.place();
        return switch (e.getErrorCode()) {
            case H2_IN_USE ->
                    new DatabaseUnusable(
                            "the database " + place + " is in use by another process: end it",
                            true,
                            e);
            case H2_BROKEN, H2_WRONG_VERSION, H2_FILE_FAULT ->
                    unusable(
                            "the files of the database "
                                    + place
                                    + " cannot be read: restore them from a backup, or move them"
                                    + " away to start anew",
                            e);
            case H2_WRONG_LOGIN, MYSQL_ACCESS_DENIED, MYSQL_DATABASE_DENIED ->
                    unusable(
                            "the database "
                                    + place
                                    + " refuses user "
                                    + settings.user()
                                    + ": check user, password and grants",
                            e);
            case MYSQL_NO_DATABASE -> unusable("there is no database " + place + ": create it", e);
            default ->
                    new StoreUnavailable(
                            "the database "
                                    + place
                                    + " cannot be reached: "
                                    + Database.firstLine(e),
                            e);
        };
    }

    private static DatabaseUnusable unusable(String message, SQLException cause) {
        return new DatabaseUnusable(message, false, cause);
    }
}
