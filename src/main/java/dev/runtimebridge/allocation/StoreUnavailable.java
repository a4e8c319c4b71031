package dev.runtimebridge.allocation;

import org.jspecify.annotations.Nullable;

/**
 * The database cannot be asked now: down, read-only, or too many wait for it. Asking again later
 * can help.
 */
public final class StoreUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreUnavailable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
