package dev.runtimebridge.http;

import dev.runtimebridge.provider.ContainerRef;

/** Hears that an agent says it can answer. A hint from anybody: it must grant nothing. */
@FunctionalInterface
public interface CallHome {
    /**
     * Called for each hint that is within the rate limit; must return at once.
     *
     * @param ref the container that the caller claims to be
     * @param remoteIp the address the call came from, numeric
     */
    void heard(ContainerRef ref, String remoteIp);
}
