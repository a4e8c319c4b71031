package dev.runtimebridge;

import dev.runtimebridge.catalog.Image;
import dev.runtimebridge.emulator.region.TaskRunner;
import dev.runtimebridge.emulator.script.Definition;
import dev.runtimebridge.emulator.script.Scenario;
import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.ProviderException;
import dev.runtimebridge.provider.docker.RuntimeImages;
import dev.runtimebridge.provider.docker.TaskContainers;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Runs emulated tasks as containers of a Docker engine, of the image that their definition has. */
final class DockerTasks implements TaskRunner, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DockerTasks.class);

    /** As ECS has it; from "Stopped tasks error codes" of its developer guide. */
    private static final String OUT_OF_MEMORY =
            "OutOfMemoryError: Container killed due to memory usage";

    /** Of all that have none in a script: enough for each language of the catalogue. */
    private static final int CPU_UNITS = 512;

    private static final int MEMORY_MEBIBYTES = 1024;

    private final TaskContainers containers;

    private DockerTasks(TaskContainers containers) {
        this.containers = containers;
    }

    /**
     * Takes an engine, and ends what an earlier emulator on the same folder left there.
     *
     * @param folder tells this emulator's tasks from those of another one
     * @throws ProviderException when the engine does not answer, or has no images
     */
    static DockerTasks open(Map<String, String> environment, Path folder) {
        var name = folder.toString().getBytes(StandardCharsets.UTF_8);
        return new DockerTasks(
                TaskContainers.open(
                        new TaskContainers.Settings(
                                DockerChoice.host(environment),
                                "emulated-" + UUID.nameUUIDFromBytes(name),
                                setting(environment, "DOCKER_HELPER_IMAGE")
                                        .orElse(RuntimeImages.PREFIX + RuntimeImages.BASE),
                                setting(environment, "DOCKER_SUBNET"))));
    }

    private static Optional<String> setting(Map<String, String> environment, String key) {
        return Optional.of(environment.getOrDefault(key, "").strip()).filter(it -> !it.isEmpty());
    }

    /** The usual scenario, with a task definition named after each image. */
    static Scenario usual() {
        return Scenario.usual()
                .withDefinitions(
                        List.of(
                                Definition.of(Definition.ANY, 1)
                                        .withImage(
                                                RuntimeImages.PREFIX + Definition.ANY,
                                                CPU_UNITS,
                                                MEMORY_MEBIBYTES)));
    }

    /** The definition of {@link #usual} for what an image is for, where that is built. */
    Optional<String> definition(Image image) {
        return RuntimeImages.referenceFor(image.language())
                .filter(containers::has)
                .flatMap(_ -> definitionFor(image));
    }

    /** The same, built or not. */
    static Optional<String> definitionFor(Image image) {
        return RuntimeImages.referenceFor(image.language())
                .map(reference -> reference.substring(RuntimeImages.PREFIX.length()) + ":1");
    }

    @Override
    public String host() {
        return containers.gateway();
    }

    @Override
    public Place reserve(String taskId, boolean publicIp) {
        try {
            var address = containers.reserve(taskId);
            return new Place(address, publicIp ? address : "");
        } catch (ProviderException e) {
            throw new IllegalStateException(e.why().detail(), e);
        }
    }

    @Override
    public void start(Container container, Watcher watcher) {
        var definition = container.definition();
        try {
            containers.start(
                    new TaskContainers.Order(
                            container.id(),
                            definition.image(),
                            definition.cpu(),
                            definition.memory(),
                            container.environment()),
                    (status, why) -> watcher.exited(status, reason(why)));
        } catch (ProviderException e) {
            if (e.why().kind() == Cause.Kind.IMAGE) {
                throw new ImageMissing(e.why().detail(), e);
            }
            throw new IllegalStateException(e.why().detail(), e);
        }
    }

    private static String reason(Cause why) {
        return why.kind() == Cause.Kind.OUT_OF_MEMORY ? OUT_OF_MEMORY : "";
    }

    @Override
    public void terminate(String taskId) {
        attempt(taskId, () -> containers.terminate(taskId));
    }

    @Override
    public void kill(String taskId) {
        attempt(taskId, () -> containers.kill(taskId));
    }

    /** What the engine does not do now, the end of the emulator or its next start does. */
    private static void attempt(String taskId, Runnable call) {
        try {
            call.run();
        } catch (ProviderException e) {
            LOG.warn("task {} could not be ended: {}", taskId, e.why().detail());
        }
    }

    /** Ends every task. */
    @Override
    public void close() {
        containers.close();
    }
}
