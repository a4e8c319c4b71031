package dev.runtimebridge.store;

import org.jspecify.annotations.Nullable;

/**
 * The database cannot be used until somebody does what the message says: its files are locked or
 * broken, the login is refused, a migration failed. One line, without secrets.
 */
public final class DatabaseUnusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean inUse;

    DatabaseUnusable(String message, boolean inUse, @Nullable Throwable cause) {
        super(message, cause);
        this.inUse = inUse;
    }

    /** Whether only another process is in the way. */
    public boolean inUse() {
        return inUse;
    }
}
