package dev.runtimebridge.cli;

/** What the containers of an emulated AWS are. */
public enum TasksRunOn {
    /** Processes of this machine. */
    LOCAL,
    /** Containers of the Docker engine of {@code DOCKER_HOST}, of the images that are built. */
    DOCKER
}
