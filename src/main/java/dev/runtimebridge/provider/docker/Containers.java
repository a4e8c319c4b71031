package dev.runtimebridge.provider.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Volume;

import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.Cause.Kind;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.Observation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runtimes as the engine's containers: what they are given, and how they are doing. */
final class Containers {
    private static final long MEBIBYTE = 1L << 20;
    private static final long NANOS_PER_MILLI = 1_000_000L;
    static final long MOST_PROCESSES = 512;

    /** What a container says is for whoever looks for faults, not for keeping. */
    static final LogConfig BOUNDED_LOG =
            new LogConfig(
                    LogConfig.LoggingType.JSON_FILE, Map.of("max-size", "1m", "max-file", "2"));

    private static final int GONE_STATUS_SECONDS = 1;

    /**
     * What sshd and the agent need: to become the user, and to write and end what is the user's.
     */
    private static final Capability[] CAPABILITIES = {
        // Debian's sshd gives up a terminal that it may not tell the kernel's audit of.
        Capability.AUDIT_WRITE,
        Capability.CHOWN,
        Capability.DAC_OVERRIDE,
        Capability.FOWNER,
        Capability.KILL,
        Capability.NET_BIND_SERVICE,
        Capability.SETGID,
        Capability.SETUID,
        Capability.SYS_CHROOT
    };

    private final Engine engine;
    private final Names names;
    private final DockerSettings settings;

    Containers(Engine engine, Names names, DockerSettings settings) {
        this.engine = engine;
        this.names = names;
        this.settings = settings;
    }

    /** Creates and starts it unless that was done before. Leaves nothing behind where it fails. */
    void start(ContainerRef ref, Image image, Ground.Made ground) {
        engine.call(
                "start " + ref,
                docker -> {
                    create(docker, ref, image, ground);
                    try {
                        docker.startContainerCmd(ref.value()).exec();
                    } catch (NotModifiedException e) {
                        // It runs.
                    } catch (RuntimeException e) {
                        removeIfThere(docker, ref.value());
                        throw e;
                    }
                    return ref;
                });
    }

    private void create(DockerClient docker, ContainerRef ref, Image image, Ground.Made ground) {
        try {
            docker.createContainerCmd(image.run().containerImage())
                    .withName(ref.value())
                    .withHostName("workspace")
                    .withLabels(names.mark(ref))
                    .withEnv(environment(ref, ground))
                    .withHostConfig(limits(image.size(), folder(ref, ground)))
                    .exec();
        } catch (ConflictException e) {
            // An earlier call created it.
        }
    }

    private static String folder(ContainerRef ref, Ground.Made ground) {
        return ground.homes() + "/run/" + ref.value();
    }

    private HostConfig limits(Image.Size size, String folder) {
        var memory = size.memoryMebibytes() * MEBIBYTE;
        return HostConfig.newHostConfig()
                .withNetworkMode(names.network())
                .withNanoCPUs(size.cpuMillis() * NANOS_PER_MILLI)
                .withMemory(memory)
                .withMemorySwap(memory)
                .withPidsLimit(MOST_PROCESSES)
                .withCapDrop(Capability.ALL)
                .withCapAdd(CAPABILITIES)
                .withSecurityOpts(List.of("no-new-privileges"))
                .withReadonlyRootfs(true)
                .withTmpFs(Map.of("/run", "rw,nosuid,nodev,noexec,size=16m,mode=755"))
                .withBinds(
                        new Bind(folder + "/home", new Volume("/home")),
                        new Bind(folder + "/tmp", new Volume("/tmp")))
                .withLogConfig(BOUNDED_LOG);
    }

    private List<String> environment(ContainerRef ref, Ground.Made ground) {
        var variables = new HashMap<>(settings.agentSettings());
        variables.put("AGENT_CONTAINER", ref.value());
        variables.put("AGENT_BRIDGE_URL", ground.bridgeUrl().toString());
        variables.put("AGENT_PORT", Integer.toString(settings.agentPort()));
        return environment(variables);
    }

    /** As the engine takes it. */
    static List<String> environment(Map<String, String> variables) {
        return variables.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .toList();
    }

    /** What the engine has of ours, by reference; ended ones too. */
    Map<ContainerRef, Container> all() {
        var listed =
                engine.call(
                        "list containers",
                        docker ->
                                docker.listContainersCmd()
                                        .withShowAll(true)
                                        .withLabelFilter(names.filter())
                                        .exec());
        Map<ContainerRef, Container> all = new HashMap<>();
        for (var container : listed) {
            var ref = container.getLabels().get(Names.REF);
            if (ref != null) {
                all.put(new ContainerRef(ref), container);
            }
        }
        return all;
    }

    Observation observation(ContainerRef ref, Container seen) {
        return switch (seen.getState()) {
            case "created" -> new Observation.Pending("created");
            case "running" -> running(seen);
            case "exited", "dead" -> new Observation.Gone(cause(ref));
            default -> new Observation.Pending(seen.getState());
        };
    }

    private Observation running(Container seen) {
        var settled = seen.getNetworkSettings();
        var network = settled == null ? null : settled.getNetworks().get(names.network());
        var ip = network == null ? null : network.getIpAddress();
        return ip == null || ip.isEmpty()
                ? new Observation.Pending("waiting for an address")
                : new Observation.Reachable(new Address(ip, settings.agentPort()));
    }

    private Cause cause(ContainerRef ref) {
        return engine.call(
                "look why " + ref + " has ended",
                docker -> {
                    try {
                        return Endings.cause(
                                docker, docker.inspectContainerCmd(ref.value()).exec());
                    } catch (NotFoundException e) {
                        return new Cause(Kind.LOST, "it is no longer there");
                    }
                });
    }

    /** Asks it to end, and ends it when the grace is over. An absent one is success. */
    void end(ContainerRef ref) {
        engine.call(
                "stop " + ref,
                docker -> {
                    try {
                        docker.stopContainerCmd(ref.value())
                                .withTimeout(
                                        (int)
                                                Math.max(
                                                        GONE_STATUS_SECONDS,
                                                        settings.grace().toSeconds()))
                                .exec();
                    } catch (NotModifiedException | NotFoundException e) {
                        // It does not run.
                    }
                    return ref;
                });
    }

    void remove(ContainerRef ref) {
        engine.call(
                "remove " + ref,
                docker -> {
                    removeIfThere(docker, ref.value());
                    return ref;
                });
    }

    /** Ends and removes it, with its anonymous volumes. */
    static void removeIfThere(DockerClient docker, String nameOrId) {
        try {
            docker.removeContainerCmd(nameOrId).withForce(true).withRemoveVolumes(true).exec();
        } catch (NotFoundException e) {
            // It is gone.
        } catch (ConflictException e) {
            // Somebody else is removing it.
        }
    }
}
