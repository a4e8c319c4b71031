package dev.runtimebridge.catalog;

import dev.runtimebridge.allocation.ImageId;

/**
 * An entry of the catalogue, as those see it who run it.
 *
 * @param name what people read, {@code Python 3}
 * @param language one of the catalogue's languages
 * @param revision counts up when what runs changes: containers of an older revision serve no new
 *     launch
 * @param run what each provider starts for it
 * @param enabled whether an administrator lets it be launched
 */
public record Image(
        ImageId id,
        String name,
        String language,
        int revision,
        Run run,
        Size size,
        boolean enabled) {

    /**
     * What to run, one field per kind of provider; empty where the image has nothing for it.
     *
     * @param localCommand the program that must be on the machine's path for the local provider,
     *     {@code python3}
     * @param containerImage a container image's reference
     * @param taskDefinition an ECS task definition with its revision, {@code runtime-python:7}, or
     *     its ARN
     */
    public record Run(String localCommand, String containerImage, String taskDefinition) {}

    /**
     * What a container of it gets.
     *
     * @param cpuMillis CPU share in thousandths of a core
     * @param memoryMebibytes memory limit in MiB
     */
    public record Size(int cpuMillis, int memoryMebibytes, Architecture architecture) {}
}
