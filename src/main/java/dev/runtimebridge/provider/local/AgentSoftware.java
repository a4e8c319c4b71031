package dev.runtimebridge.provider.local;

import java.nio.file.Path;

/**
 * Where the agent lies on this machine; made absolute.
 *
 * @param supervisor the program that runs the agent and brings it back, {@code run-agent}; the
 *     files beside it belong to it
 * @param libraries the folder of its jars
 * @param javaHome a JDK 25
 */
public record AgentSoftware(Path supervisor, Path libraries, Path javaHome) {
    public AgentSoftware {
        supervisor = supervisor.toAbsolutePath().normalize();
        libraries = libraries.toAbsolutePath().normalize();
        javaHome = javaHome.toAbsolutePath().normalize();
    }

    /** As the build leaves it below the project's root, run by the JDK that runs this. */
    public static AgentSoftware builtIn(Path root) {
        return new AgentSoftware(
                root.resolve("runtime-agent/bin/run-agent"),
                root.resolve("target/runtime-agent"),
                Path.of(System.getProperty("java.home")));
    }

    Path programs() {
        var folder = supervisor.getParent();
        if (folder == null) {
            throw new IllegalStateException("the supervisor is a file: " + supervisor);
        }
        return folder;
    }
}
