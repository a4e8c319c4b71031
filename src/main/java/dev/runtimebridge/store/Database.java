package dev.runtimebridge.store;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.runtimebridge.allocation.StoreUnavailable;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.time.Duration;

/**
 * The database as the stores use it: a bounded queue, a pool of connections, and the one layer that
 * tries again. What a later try can mend leaves as {@link StoreUnavailable}; nothing connects
 * before the first use. Safe for many threads.
 *
 * <p>Work is repeated as a whole, in a new transaction, after a deadlock, a lock timeout, a lost
 * race for a unique key, or a broken connection. A connection that breaks during the commit leaves
 * open whether it happened, so every write must recognise its own traces; each store's Javadoc says
 * how.
 */
public final class Database implements AutoCloseable {
    /** For the fleet's loop, upkeep, the claims' writer, and one to spare. */
    private static final int LOOP_CONNECTIONS = 4;

    private static final int MOST_ATTEMPTS = 8;
    private static final Duration FIRST_DELAY = Duration.ofMillis(2);
    private static final Duration LONGEST_DELAY = Duration.ofMillis(250);

    /** Who asks: a flood of requests must not keep the loops from their work or their lease. */
    enum Lane {
        REQUESTS,
        LOOPS
    }

    /** What to do with a connection; {@code attempt} counts from 1. */
    interface Work<T> {
        T run(Handle handle, int attempt);
    }

    private enum Kind {
        /** Single statements, each for itself. */
        READ,
        /** Several reads that see the same moment. */
        SNAPSHOT,
        /** One transaction. */
        WRITE,
        /** One transaction that another bridge may beat to a unique key. */
        RACE
    }

    private final DatabaseSettings settings;
    private final Gate requests;
    private final Gate loops;
    private final Pool pool;
    private final Jdbi jdbi;
    private final RetryPolicy<Object> again;

    public Database(DatabaseSettings settings) {
        this.settings = settings;
        var limits = settings.limits();
        this.requests =
                new Gate(
                        "requests",
                        limits.connections(),
                        limits.mostWaiting(),
                        limits.longestWait());
        this.loops =
                new Gate("loops", LOOP_CONNECTIONS, limits.mostWaiting(), limits.answerTimeout());
        this.pool = new Pool(settings, limits.connections() + LOOP_CONNECTIONS, LOOP_CONNECTIONS);
        this.jdbi = pool.jdbi();
        this.again =
                RetryPolicy.builder()
                        .handle(Repeatable.class)
                        .withMaxAttempts(MOST_ATTEMPTS)
                        .withBackoff(FIRST_DELAY, LONGEST_DELAY)
                        .withJitter(0.5)
                        .withMaxDuration(limits.answerTimeout())
                        .build();
    }

    /**
     * Brings the schema up to date. Several bridges may do so at once.
     *
     * @throws StoreUnavailable when the server cannot be reached
     * @throws DatabaseUnusable when it can, and yet cannot be used
     */
    public void migrate() {
        // The pool opens before the migration closes: a database in memory ends with its last user.
        new Migration(settings).run(() -> jdbi.useHandle(handle -> {}));
    }

    /**
     * How many steps {@link #migrate} would take. Changes nothing.
     *
     * @throws StoreUnavailable when the server cannot be reached
     * @throws DatabaseUnusable when it can, and yet cannot be used
     */
    public int lackingMigrations() {
        return new Migration(settings).lacking();
    }

    /**
     * Whether the database answers and takes writes.
     *
     * @throws StoreUnavailable when not; the message says why
     */
    public void ping() {
        boolean readOnly =
                read(
                        Lane.LOOPS,
                        (handle, attempt) ->
                                handle.createQuery(dialect().readOnly())
                                        .mapTo(Boolean.class)
                                        .one());
        if (readOnly) {
            throw unavailable(Fault.READ_ONLY, null);
        }
    }

    @Override
    public void close() {
        pool.close();
    }

    Dialect dialect() {
        return settings.dialect();
    }

    /** Runs single reads, each of them a statement of its own. */
    <T> T read(Lane lane, Work<T> work) {
        return repeat(lane, Kind.READ, work);
    }

    /** Runs several reads that see the database at the same moment. */
    <T> T snapshot(Lane lane, Work<T> work) {
        return repeat(lane, Kind.SNAPSHOT, work);
    }

    /** Runs one transaction. */
    <T> T write(Lane lane, Work<T> work) {
        return repeat(lane, Kind.WRITE, work);
    }

    /**
     * Runs one transaction; from the start again when somebody else was first with a unique key.
     */
    <T> T race(Lane lane, Work<T> work) {
        return repeat(lane, Kind.RACE, work);
    }

    private <T> T repeat(Lane lane, Kind kind, Work<T> work) {
        try {
            return Failsafe.with(again)
                    .get(context -> once(lane, kind, work, context.getAttemptCount() + 1));
        } catch (Repeatable e) {
            throw unavailable(e.fault, e.origin);
        } catch (FailsafeException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailable("interrupted while trying the database again", e);
        }
    }

    private <T> T once(Lane lane, Kind kind, Work<T> work, int attempt) {
        var gate =
                switch (lane) {
                    case REQUESTS -> requests;
                    case LOOPS -> loops;
                };
        gate.enter();
        try {
            return switch (kind) {
                case READ -> jdbi.withHandle(handle -> work.run(handle, attempt));
                case SNAPSHOT ->
                        jdbi.inTransaction(
                                TransactionIsolationLevel.REPEATABLE_READ,
                                handle -> work.run(handle, attempt));
                case WRITE, RACE -> jdbi.inTransaction(handle -> work.run(handle, attempt));
            };
        } catch (JdbiException e) {
            throw translated(e, kind);
        } finally {
            gate.leave();
        }
    }

    private RuntimeException translated(JdbiException e, Kind kind) {
        Throwable cause = e;
        while (cause != null && !(cause instanceof SQLException)) {
            cause = cause.getCause();
        }
        if (!(cause instanceof SQLException sql)) {
            return e;
        }
        var fault = Fault.of(sql);
        boolean neverConnected = e instanceof org.jdbi.v3.core.ConnectionException;
        if (fault == Fault.CONNECTION_LOST && !neverConnected) {
            pool.forgetAll();
        }
        if (fault == Fault.UNIQUE_KEY && kind != Kind.RACE) {
            return new IllegalStateException("a unique key is taken: " + firstLine(sql), sql);
        }
        if (fault.repeatable() && !neverConnected) {
            return new Repeatable(fault, sql);
        }
        if (fault == Fault.LASTING && !neverConnected) {
            return new IllegalStateException(
                    "the database refused a statement: " + firstLine(sql), sql);
        }
        return unavailable(neverConnected ? Fault.UNREACHABLE : fault, sql);
    }

    private StoreUnavailable unavailable(Fault fault, @Nullable SQLException cause) {
        var words = "the database " + settings.place() + " cannot be used now: " + fault.words();
        return new StoreUnavailable(cause == null ? words : words + reason(cause), cause);
    }

    private static String reason(SQLException thrown) {
        Throwable deepest = thrown;
        while (deepest.getCause() instanceof SQLException cause) {
            deepest = cause;
        }
        return " (" + firstLine(deepest) + ")";
    }

    static String firstLine(Throwable e) {
        var message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.lines().findFirst().orElse("").strip();
    }

    /** Carries a fault to the layer that tries again. */
    private static final class Repeatable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final Fault fault;
        private final SQLException origin;

        Repeatable(Fault fault, SQLException origin) {
            super(fault.words(), origin, false, false);
            this.fault = fault;
            this.origin = origin;
        }
    }
}
