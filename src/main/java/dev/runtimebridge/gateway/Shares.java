package dev.runtimebridge.gateway;

/** The links by which owners let others see one port. */
public interface Shares {
    /** How a share stands. */
    enum Standing {
        VALID,
        /** Withdrawn, expired or never there. */
        WITHDRAWN,
        /** It cannot be told now. */
        UNKNOWN
    }

    /** How a share stood within the last moment. */
    Standing standing(String share);
}
