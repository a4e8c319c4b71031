package dev.runtimebridge.store;

import org.jspecify.annotations.Nullable;

/**
 * The database cannot be used until somebody does what the message says: its files are locked or
 * broken, the login is refused, a migration failed. One line, without secrets.
 */
public final class DatabaseUnusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DatabaseUnusable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
