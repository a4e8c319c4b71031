package dev.runtimebridge.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.util.LinkedHashMap;
import java.util.Map;

/** The options that say what an image is. What is not given is left as it is. */
final class ImageOptions {
    @Option(names = "--name", paramLabel = "NAME", description = "What people read: 'Python 3'.")
    private @Nullable String name;

    @Option(
            names = "--language",
            paramLabel = "LANGUAGE",
            description = "What it is listed under, in lower case; may be a new one.")
    private @Nullable String language;

    @Option(
            names = "--local-command",
            paramLabel = "PROGRAM",
            description =
                    "For the local provider: the program that must be there (python3); '' for"
                            + " none.")
    private @Nullable String localCommand;

    @Option(
            names = "--container-image",
            paramLabel = "REFERENCE",
            description = "For Docker: the container image; '' for none.")
    private @Nullable String containerImage;

    @Option(
            names = "--task-definition",
            paramLabel = "FAMILY:REVISION",
            description =
                    "For Fargate: the ECS task definition with its revision, or its ARN; '' for"
                            + " none.")
    private @Nullable String taskDefinition;

    @Option(
            names = "--cpu-millis",
            paramLabel = "N",
            description = "Thousandths of a core: 250 is a quarter.")
    private @Nullable Integer cpuMillis;

    @Option(names = "--memory-mib", paramLabel = "N", description = "Memory in MiB.")
    private @Nullable Integer memoryMib;

    @Option(
            names = "--architecture",
            paramLabel = "NAME",
            description = "x86_64 or arm64 (x86_64 when added).")
    private @Nullable String architecture;

    @Option(
            names = "--price-usd-per-hour",
            paramLabel = "AMOUNT",
            description = "What an hour of one container costs, in US dollars: 0.0123425.")
    private @Nullable String priceUsdPerHour;

    /** Those that were given, by their names in the API. */
    Map<String, Object> fields() {
        var fields = new LinkedHashMap<String, Object>();
        put(fields, "name", name);
        put(fields, "language", language);
        put(fields, "local_command", localCommand);
        put(fields, "container_image", containerImage);
        put(fields, "task_definition", taskDefinition);
        put(fields, "cpu_millis", cpuMillis);
        put(fields, "memory_mib", memoryMib);
        put(fields, "architecture", architecture);
        put(fields, "price_usd_per_hour", priceUsdPerHour);
        return fields;
    }

    private static void put(Map<String, Object> fields, String name, @Nullable Object value) {
        if (value != null) {
            fields.put(name, value);
        }
    }
}
