package dev.runtimebridge.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementExceptions;

/** The connections. None is made before the first use: what cannot be used is met once, by it. */
final class Pool implements AutoCloseable {
    private final HikariDataSource connections = new HikariDataSource();
    private final Jdbi jdbi;

    /**
     * @param most connections at the same time
     * @param kept connections that stay open while nobody needs them
     */
    Pool(DatabaseSettings settings, int most, int kept) {
        config(settings, most, kept).copyStateTo(connections);
        this.jdbi = Jdbi.create(connections);
        // A statement's arguments are nobody's business but the database's.
        jdbi.getConfig(StatementExceptions.class)
                .setMessageRendering(StatementExceptions.MessageRendering.NONE);
    }

    Jdbi jdbi() {
        return jdbi;
    }

    /**
     * One connection broke, and the others with it: found out one by one, each would cost somebody
     * an attempt.
     */
    void forgetAll() {
        connections.getHikariPoolMXBean().softEvictConnections();
    }

    @Override
    public void close() {
        connections.close();
    }

    private static HikariConfig config(DatabaseSettings settings, int most, int kept) {
        var limits = settings.limits();
        var config = new HikariConfig();
        config.setPoolName("database");
        config.setJdbcUrl(settings.dialect().url(settings));
        config.setUsername(settings.user());
        config.setPassword(settings.password().reveal());
        config.setMaximumPoolSize(most);
        config.setMinimumIdle(kept);
        config.setConnectionTimeout(limits.connectTimeout().toMillis());
        config.setValidationTimeout(limits.connectTimeout().toMillis());
        // Starting does not depend on the database being up: the first use says what is wrong.
        config.setInitializationFailTimeout(-1);
        // Unique keys and versions guard the writes; gap locks would only make deadlocks.
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        return config;
    }
}
