package dev.runtimebridge.gateway;

import dev.runtimebridge.provider.Address;
import dev.runtimebridge.secret.Secret;

import java.util.Optional;

/** Whether a request may go on, and where to. */
public sealed interface Decision {
    /**
     * It may.
     *
     * @param agent the only address that it may be sent to
     * @param container whose it is, for counting
     * @param assertion tells the agent who asks; absent where the agent finds that out by itself
     * @param forwarded whether the agent is to pass it on to another port of its container, which
     *     the assertion names
     */
    record Allowed(
            Address agent, LiveContainer container, Optional<Secret> assertion, boolean forwarded)
            implements Decision {}

    record Refused(Refusal why) implements Decision {}

    /** Why not. Whether a container exists is told to its owner only. */
    enum Refusal {
        /** No credential, or none that holds. */
        LOG_IN(401, "log-in"),
        /** The caller has no container of this name that runs. */
        NO_CONTAINER(404, "no-container"),
        /** This form of address leads to the agent's port only. */
        OTHER_PORT(403, "other-port"),
        /** The link was withdrawn, has expired or is for another port. */
        NOT_SHARED(403, "not-shared"),
        /** Whoever would know cannot be asked now. */
        UNAVAILABLE(503, "unavailable");

        private final int status;
        private final String word;

        Refusal(int status, String word) {
            this.status = status;
            this.word = word;
        }

        public int status() {
            return status;
        }

        /** As the gateway is told. */
        public String word() {
            return word;
        }
    }
}
