package dev.runtimeagent;

import dev.runtimeagent.bridge.Bridge;
import dev.runtimeagent.bridge.SshAccess;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;

/**
 * What the agent does with SIGTERM on ECS. A Spot task gets it two minutes before its end, and its
 * user may work on until then; any other gets it when the bridge has given it up. Which of the two
 * it is the bridge knows: as long as it has credentials for this container, somebody works in it.
 */
final class Farewell {
    private static final Logger log = LoggerFactory.getLogger(Farewell.class);

    /** A user who launches anew meanwhile gives it up, and AWS counts its seconds. */
    private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(1);

    /** By then SIGKILL has come. */
    private static final int MOST_QUESTIONS = 120;

    private final Bridge bridge;

    Farewell(Bridge bridge) {
        this.bridge = bridge;
    }

    /** Returns once nobody needs this container any more. */
    void await() {
        try {
            for (int asked = 0; asked < MOST_QUESTIONS && needed(); asked++) {
                if (asked == 0) {
                    log.info("told to end while somebody works here: goes on as long as it can");
                }
                Thread.sleep(BETWEEN_QUESTIONS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean needed() {
        return bridge.info() instanceof SshAccess.Granted;
    }
}
