package dev.runtimebridge.emulator.region;

import dev.runtimebridge.emulator.script.Definition;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Runs the containers of emulated tasks: as real agents, or as stubs. Calls come from several
 * threads, for one task too, and may block. What was killed must not live on, even if its start is
 * still under way.
 */
public interface TaskRunner {
    /** Where the emulator listens, and where its containers find it unless they live elsewhere. */
    String LOOPBACK = "127.0.0.1";

    /**
     * Where a task is reached.
     *
     * @param privateIp of its network interface
     * @param publicIp the interface's public address, empty for none; may be the private one
     */
    record Place(String privateIp, String publicIp) {}

    /**
     * A container to start.
     *
     * @param arn the task's
     * @param id the last part of the ARN, 32 hexadecimal digits
     * @param definition what it is made from; its environment is only part of the container's
     * @param environment of the container, {@code ECS_CONTAINER_METADATA_URI_V4} included
     * @param answersAt when its agent answers, where that is a stub; empty for never
     * @param endsAfter how long it takes to end when it is told to, where it is a stub
     */
    record Container(
            String arn,
            String id,
            Definition definition,
            Place place,
            Map<String, String> environment,
            Optional<Instant> answersAt,
            Duration endsAfter) {
        public Container {
            environment = Map.copyOf(environment);
        }
    }

    /** What a runner tells of a container. */
    interface Watcher {
        /** Its agent has been answering since then. */
        void answers(Instant when);

        /**
         * It has ended. May be called twice.
         *
         * @param reason what ECS says of the container beside its exit code; mostly nothing
         */
        void exited(int code, String reason);
    }

    /** There is no such image, or it cannot be fetched. */
    final class ImageMissing extends IllegalStateException {
        private static final long serialVersionUID = 1;

        public ImageMissing(String why, Throwable cause) {
            super(why, cause);
        }
    }

    /** This machine as containers see it: the address at which they find their metadata. */
    default String host() {
        return LOOPBACK;
    }

    /**
     * Reserves an address for a task's interface, before its container is started.
     *
     * @param publicIp whether it gets a public one, too
     * @throws IllegalStateException saying why there is none
     */
    Place reserve(String taskId, boolean publicIp);

    /**
     * Starts a container; returns once it exists.
     *
     * @throws ImageMissing where its image is not to be had
     * @throws IllegalStateException saying why it cannot
     */
    void start(Container container, Watcher watcher);

    /** Asks a container to end, as SIGTERM does; {@link Watcher#exited} tells when it has. */
    void terminate(String taskId);

    /** Ends a container at once, as SIGKILL does, and gives its address back. */
    void kill(String taskId);
}
