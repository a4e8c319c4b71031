package dev.runtimebridge.provider.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;

import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.Cause.Kind;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.ProviderException;
import dev.runtimebridge.provider.Workspace;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The volume with all homes. A container sees one folder of it; a home is given to a container that
 * runs by renaming, which a small container does that sees the whole volume, since the bridge may
 * be neither root nor on the engine's machine.
 */
final class Homes {
    private static final String PROGRAM = "/opt/runtime-agent/bin/homes";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long KEEPER_BYTES = 64L << 20;

    private final Engine engine;
    private final Names names;
    private final String image;

    Homes(Engine engine, Names names, String image) {
        this.engine = engine;
        this.names = names;
        this.image = image;
    }

    /** Makes the volume and its keeper unless they are there; {@return where the volume lies} */
    String open() {
        return engine.call(
                "open the volume " + names.homes(),
                docker -> {
                    docker.createVolumeCmd()
                            .withName(names.homes())
                            .withLabels(names.mark())
                            .exec();
                    keep(docker);
                    return docker.inspectVolumeCmd(names.homes()).exec().getMountpoint();
                });
    }

    private void keep(DockerClient docker) {
        try {
            docker.createContainerCmd(image)
                    .withName(names.keeper())
                    .withLabels(names.mark())
                    .withEntrypoint("/usr/bin/tini", "--", "sleep", "infinity")
                    .withHostConfig(
                            HostConfig.newHostConfig()
                                    .withBinds(new Bind(names.homes(), new Volume("/homes")))
                                    .withNetworkMode("none")
                                    .withReadonlyRootfs(true)
                                    .withMemory(KEEPER_BYTES)
                                    .withSecurityOpts(List.of("no-new-privileges"))
                                    .withCapDrop(Capability.ALL)
                                    .withCapAdd(
                                            Capability.CHOWN,
                                            Capability.DAC_OVERRIDE,
                                            Capability.FOWNER))
                    .exec();
        } catch (ConflictException e) {
            // It is there.
        }
        try {
            docker.startContainerCmd(names.keeper()).exec();
        } catch (NotModifiedException e) {
            // It runs.
        }
    }

    /**
     * Gives a home to a running container, and makes it if it is the first time.
     *
     * @return the container that holds it; then nothing was done
     */
    Optional<ContainerRef> attach(ContainerRef ref, Workspace workspace) {
        var holder = run("attach", ref.value(), workspace.name());
        return holder.isEmpty() ? Optional.empty() : Optional.of(new ContainerRef(holder));
    }

    /** Puts back the home of a container that has ended. Repeatable. */
    void detach(ContainerRef ref) {
        run("detach", ref.value());
    }

    private String run(String... arguments) {
        var command = new String[arguments.length + 1];
        command[0] = PROGRAM;
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        var what = String.join(" ", arguments);
        return engine.call(
                "do `homes " + what + "`",
                docker -> {
                    keep(docker);
                    return run(docker, what, command);
                });
    }

    private String run(DockerClient docker, String what, String... command) {
        var id =
                docker.execCreateCmd(names.keeper())
                        .withAttachStdout(true)
                        .withAttachStderr(true)
                        .withCmd(command)
                        .exec()
                        .getId();
        try {
            var said = docker.execStartCmd(id).exec(new Said()).all(PATIENCE);
            var status = docker.inspectExecCmd(id).exec().getExitCodeLong();
            if (status == null || status != 0) {
                throw failed(what, said);
            }
            return said;
        } catch (IOException e) {
            throw failed(what, String.valueOf(e.getMessage()));
        }
    }

    private static ProviderException failed(String what, String why) {
        return ProviderException.repeatable(
                Refusals.isFull(why)
                        .orElseGet(
                                () ->
                                        new Cause(
                                                Kind.INFRASTRUCTURE,
                                                "`homes " + what + "` failed: " + why)),
                null);
    }

    /** Ends the keeper; the volume stays. */
    void close() {
        engine.call(
                "end the keeper of homes",
                docker -> {
                    Containers.removeIfThere(docker, names.keeper());
                    return names;
                });
    }
}
