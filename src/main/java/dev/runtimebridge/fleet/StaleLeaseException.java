package dev.runtimebridge.fleet;

/** A write named a lease that another bridge has taken since. Nothing was written. */
public final class StaleLeaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StaleLeaseException(Lease lease) {
        super(
                "the lease of "
                        + lease.holder()
                        + " with epoch "
                        + lease.epoch()
                        + " is over: another bridge runs the loops");
    }
}
