package dev.runtimebridge.provider;

import org.jspecify.annotations.Nullable;

/** A call to a provider failed as a whole. */
public final class ProviderException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Cause why;
    private final boolean repeatable;

    private ProviderException(Cause why, boolean repeatable, @Nullable Throwable origin) {
        super(why.detail(), origin);
        this.why = why;
        this.repeatable = repeatable;
    }

    /** The same call may succeed later, or may even have succeeded: repeat it. */
    public static ProviderException repeatable(Cause why, @Nullable Throwable origin) {
        return new ProviderException(why, true, origin);
    }

    /** The same call will fail again until somebody mends what {@code why} names. */
    public static ProviderException lasting(Cause why, @Nullable Throwable origin) {
        return new ProviderException(why, false, origin);
    }

    public Cause why() {
        return why;
    }

    public boolean repeatable() {
        return repeatable;
    }
}
