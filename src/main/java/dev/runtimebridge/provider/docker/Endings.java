package dev.runtimebridge.provider.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.WaitContainerResultCallback;

import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.Cause.Kind;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Why containers ended. */
final class Endings {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int WRONG_SETTINGS = 78;
    private static final int NOT_EXECUTABLE = 126;
    private static final int NOT_FOUND = 127;
    private static final int KILLED = 137;
    private static final int LAST_LINES = 5;

    private Endings() {}

    /** A container that has ended. */
    record Ending(int status, String lastLine) {}

    /** Waits for one that ends soon. */
    static Ending await(DockerClient docker, String id) {
        var status =
                docker.waitContainerCmd(id)
                        .exec(new WaitContainerResultCallback())
                        .awaitStatusCode(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return new Ending(status, lastLine(docker, id));
    }

    /** The status that an ended container's main process had; -1 where the engine has none. */
    static int status(InspectContainerResponse ended) {
        var status = ended.getState().getExitCodeLong();
        return status == null ? -1 : status.intValue();
    }

    /** The cause that an ended container's state and last words tell of. */
    static Cause cause(DockerClient docker, InspectContainerResponse ended) {
        var state = ended.getState();
        int status = status(ended);
        if (Boolean.TRUE.equals(state.getOOMKilled()) && status == KILLED) {
            var limit = ended.getHostConfig().getMemory();
            return new Cause(
                            Kind.OUT_OF_MEMORY,
                            "it used more memory than its "
                                    + (limit == null ? "" : limit / (1L << 20) + " ")
                                    + "MiB")
                    .hint("use less, or have the image's memory raised");
        }
        var error = state.getError();
        if (error != null && !error.isBlank()) {
            return new Cause(Kind.INFRASTRUCTURE, "it could not be started: " + error);
        }
        return switch (status) {
            case WRONG_SETTINGS ->
                    new Cause(
                            Kind.CONFIGURATION,
                            "its agent cannot run: " + lastLine(docker, ended.getId()));
            case NOT_EXECUTABLE, NOT_FOUND ->
                    new Cause(Kind.IMAGE, "its image has no program to start: status " + status)
                            .hint("build it on one of this project's images");
            case KILLED -> new Cause(Kind.EXITED, "it was killed, by somebody or by the engine");
            default -> byItself(status, lastLine(docker, ended.getId()));
        };
    }

    private static Cause byItself(int status, String lastLine) {
        return Refusals.isFull(lastLine)
                .orElseGet(
                        () ->
                                new Cause(
                                        Kind.EXITED,
                                        "it ended with status " + status + ": " + lastLine));
    }

    private static String lastLine(DockerClient docker, String id) {
        try {
            return docker.logContainerCmd(id)
                    .withStdOut(true)
                    .withStdErr(true)
                    .withTail(LAST_LINES)
                    .exec(new Said())
                    .all(PATIENCE)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .reduce((_, last) -> last)
                    .orElse("it said nothing");
        } catch (IOException e) {
            return "its log cannot be read: " + e.getMessage();
        }
    }
}
