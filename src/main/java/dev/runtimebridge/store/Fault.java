package dev.runtimebridge.store;

import com.mysql.cj.exceptions.ConnectionIsClosedException;
import com.mysql.cj.exceptions.StatementIsClosedException;

import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;

/**
 * What went wrong in the database, as far as it decides what to do next. MySQL's and H2's error
 * numbers do not overlap.
 */
enum Fault {
    /** Another row with the same key was there first. */
    UNIQUE_KEY,
    /** Two transactions waited for each other; ours was ended. */
    DEADLOCK,
    /** A row stayed locked for too long. */
    LOCK_TIMEOUT,
    /** The connection broke during its use; the statement may or may not have happened. */
    CONNECTION_LOST,
    /** Nobody answers, or not in time. */
    UNREACHABLE,
    /** The server takes no writes. */
    READ_ONLY,
    /** The server is out of connections, memory or disk. */
    EXHAUSTED,
    /** The embedded database's files cannot be written or read. */
    STORAGE,
    /** Trying again cannot help. */
    LASTING;

    private static final Set<Integer> UNIQUE_KEYS = Set.of(1062, 1586, 23505);
    private static final Set<Integer> DEADLOCKS = Set.of(1213, 40001);
    // 90131 is H2's: a row changed between being found and being locked.
    private static final Set<Integer> LOCK_TIMEOUTS = Set.of(1205, 50200, 90131);
    private static final Set<Integer> READ_ONLIES = Set.of(1290, 1792, 1836, 90097);
    private static final Set<Integer> EXHAUSTIONS =
            Set.of(1021, 1037, 1038, 1040, 1041, 1114, 1203, 1226, 1969, 3024, 90108);
    private static final Set<Integer> STORAGE_FAULTS = Set.of(90028, 90031);
    private static final Set<Integer> LOST_CONNECTIONS =
            Set.of(1053, 1158, 1159, 1160, 1161, 1927, 4031, 90007, 90067, 90098, 90121);

    static Fault of(SQLException thrown) {
        for (SQLException e = thrown; e != null; e = next(e)) {
            var fault = ofOne(e);
            if (fault != LASTING) {
                return fault;
            }
        }
        return LASTING;
    }

    private static Fault ofOne(SQLException e) {
        int code = e.getErrorCode();
        var state = e.getSQLState() == null ? "" : e.getSQLState();
        if (UNIQUE_KEYS.contains(code)) {
            return UNIQUE_KEY;
        }
        if (DEADLOCKS.contains(code)) {
            return DEADLOCK;
        }
        if (LOCK_TIMEOUTS.contains(code)) {
            return LOCK_TIMEOUT;
        }
        if (READ_ONLIES.contains(code)) {
            return READ_ONLY;
        }
        if (EXHAUSTIONS.contains(code)) {
            return EXHAUSTED;
        }
        if (LOST_CONNECTIONS.contains(code)) {
            return CONNECTION_LOST;
        }
        if (STORAGE_FAULTS.contains(code) || causedBy(e, MVStoreException.class)) {
            return STORAGE;
        }
        // The server is silent: asking a second time would double the wait.
        if (causedBy(e, SocketTimeoutException.class)) {
            return UNREACHABLE;
        }
        // What Connector/J says when the connection breaks between two statements of a batch.
        if (state.startsWith("08")
                || e instanceof SQLRecoverableException
                || causedBy(e, StatementIsClosedException.class)
                || causedBy(e, ConnectionIsClosedException.class)) {
            return CONNECTION_LOST;
        }
        return e instanceof SQLTransientException ? UNREACHABLE : LASTING;
    }

    private static boolean causedBy(SQLException e, Class<? extends Exception> kind) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable SQLException next(SQLException e) {
        if (e.getNextException() != null) {
            return e.getNextException();
        }
        return e.getCause() instanceof SQLException cause ? cause : null;
    }

    /** Whether the same work may be tried again at once. */
    boolean repeatable() {
        return switch (this) {
            case UNIQUE_KEY, DEADLOCK, LOCK_TIMEOUT, CONNECTION_LOST -> true;
            case UNREACHABLE, READ_ONLY, EXHAUSTED, STORAGE, LASTING -> false;
        };
    }

    /** What is wrong, as the end of a sentence. */
    String words() {
        return switch (this) {
            case UNIQUE_KEY -> "other bridges kept taking the same keys";
            case DEADLOCK -> "transactions kept waiting for each other";
            case LOCK_TIMEOUT -> "a row stayed locked";
            case CONNECTION_LOST -> "the connection broke";
            case UNREACHABLE -> "it does not answer";
            case READ_ONLY -> "it is read-only";
            case EXHAUSTED -> "it is out of connections, memory or disk";
            case STORAGE -> "its files cannot be read or written";
            case LASTING -> "it refused a statement";
        };
    }
}
