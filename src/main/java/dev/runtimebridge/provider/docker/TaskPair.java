package dev.runtimebridge.provider.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;

import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.ContainerRef;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The two containers of a task: one that does nothing and holds its address, as ECS itself does it,
 * and the real one, which joins that one's network.
 */
record TaskPair(Names names, String task) {
    private static final int INTERFACE = 0;
    private static final int CONTAINER = 1;
    private static final long INTERFACE_BYTES = 16L << 20;
    private static final long NANOS_PER_CORE = 1_000_000_000L;
    private static final int UNITS_PER_CORE = 1024;

    /** How a container ended. */
    record End(int status, Cause why) {}

    /** The real one's. */
    ContainerRef ref() {
        return names.ref(task, CONTAINER);
    }

    private String holder() {
        return names.ref(task, INTERFACE).value();
    }

    /** Makes the address; {@return it}. Leaves nothing behind where it fails. */
    String hold(DockerClient docker, String helperImage) {
        try {
            docker.createContainerCmd(helperImage)
                    .withName(holder())
                    .withHostName("workspace")
                    .withLabels(names.mark())
                    .withEntrypoint("/usr/bin/tini", "--", "sleep", "infinity")
                    .withHostConfig(
                            HostConfig.newHostConfig()
                                    .withNetworkMode(names.network())
                                    .withReadonlyRootfs(true)
                                    .withMemory(INTERFACE_BYTES)
                                    .withSecurityOpts(List.of("no-new-privileges"))
                                    .withCapDrop(Capability.ALL))
                    .exec();
            docker.startContainerCmd(holder()).exec();
            var networks =
                    docker.inspectContainerCmd(holder()).exec().getNetworkSettings().getNetworks();
            return Objects.requireNonNull(
                    Objects.requireNonNull(networks.get(names.network())).getIpAddress());
        } catch (RuntimeException e) {
            Containers.removeIfThere(docker, holder());
            throw e;
        }
    }

    /** Starts the real one. Leaves nothing of it behind where it fails. */
    ContainerRef start(DockerClient docker, TaskContainers.Order order) {
        var memory = (long) order.memoryMebibytes() << 20;
        try {
            docker.createContainerCmd(order.image())
                    .withName(ref().value())
                    .withLabels(names.mark(ref()))
                    .withEnv(Containers.environment(order.environment()))
                    .withHostConfig(
                            HostConfig.newHostConfig()
                                    .withNetworkMode("container:" + holder())
                                    .withNanoCPUs(
                                            order.cpuUnits() * NANOS_PER_CORE / UNITS_PER_CORE)
                                    .withMemory(memory)
                                    .withMemorySwap(memory)
                                    // Fargate's machine is the task's own; this one is not.
                                    .withPidsLimit(Containers.MOST_PROCESSES)
                                    .withLogConfig(Containers.BOUNDED_LOG))
                    .exec();
            docker.startContainerCmd(ref().value()).exec();
            return ref();
        } catch (RuntimeException e) {
            Containers.removeIfThere(docker, ref().value());
            throw e;
        }
    }

    /** Asks the real one to end. */
    String terminate(DockerClient docker) {
        try {
            docker.killContainerCmd(ref().value()).withSignal("SIGTERM").exec();
        } catch (NotFoundException | ConflictException e) {
            // It does not run.
        }
        return task;
    }

    /** Ends and removes both. */
    String remove(DockerClient docker) {
        Containers.removeIfThere(docker, ref().value());
        Containers.removeIfThere(docker, holder());
        return task;
    }

    /** Empty while it runs. */
    Optional<End> end(DockerClient docker) {
        InspectContainerResponse seen;
        try {
            seen = docker.inspectContainerCmd(ref().value()).exec();
        } catch (NotFoundException e) {
            return Optional.of(new End(-1, new Cause(Cause.Kind.LOST, "somebody removed it")));
        }
        var state = String.valueOf(seen.getState().getStatus());
        return List.of("exited", "dead").contains(state)
                ? Optional.of(new End(Endings.status(seen), Endings.cause(docker, seen)))
                : Optional.empty();
    }
}
