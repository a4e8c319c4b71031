package dev.runtimebridge.emulator.script;

import java.util.List;
import java.util.Map;

/**
 * A registered task definition, with one container.
 *
 * @param family {@link #ANY} stands for every family and revision that is not there
 * @param revision from 1
 * @param container the container's name
 * @param image what it runs; in that of {@link #ANY} an asterisk stands for the family
 * @param cpu in units of 1/1024 vCPU
 * @param memory in MiB
 * @param architecture {@code X86_64} or {@code ARM64}
 * @param networkMode {@code awsvpc} unless it cannot run on Fargate
 * @param compatibilities {@code FARGATE} unless it cannot run there
 * @param taskRole ARN of what the container may do; empty for nothing
 * @param executionRole ARN of what pulls the image and writes the log; empty for none
 * @param environment of the container
 * @param stopTimeout from SIGTERM to SIGKILL
 * @param active whether it is ACTIVE, not INACTIVE
 */
public record Definition(
        String family,
        int revision,
        String container,
        String image,
        int cpu,
        int memory,
        String architecture,
        String networkMode,
        List<String> compatibilities,
        String taskRole,
        String executionRole,
        Map<String, String> environment,
        Delay stopTimeout,
        boolean active) {

    public static final String ANY = "*";

    public Definition {
        compatibilities = List.copyOf(compatibilities);
        environment = Map.copyOf(environment);
    }

    /** A usual one, of a quarter of a vCPU, without a task role. */
    public static Definition of(String family, int revision) {
        return new Definition(
                family,
                revision,
                "workspace",
                "registry.example/workspace:" + revision,
                256,
                512,
                "X86_64",
                "awsvpc",
                List.of("FARGATE"),
                "",
                "arn:aws:iam::123456789012:role/execution",
                Map.of(),
                Delay.parse("30s"),
                true);
    }

    public Definition withEnvironment(Map<String, String> variables) {
        return copy(family, revision, variables);
    }

    /** The same under another name. */
    public Definition named(String otherFamily, int otherRevision) {
        return copy(otherFamily, otherRevision, environment);
    }

    /** The same with another image of another size. */
    public Definition withImage(String otherImage, int cpuUnits, int memoryMebibytes) {
        return new Definition(
                family,
                revision,
                container,
                otherImage,
                cpuUnits,
                memoryMebibytes,
                architecture,
                networkMode,
                compatibilities,
                taskRole,
                executionRole,
                environment,
                stopTimeout,
                active);
    }

    private Definition copy(
            String otherFamily, int otherRevision, Map<String, String> otherEnvironment) {
        return new Definition(
                otherFamily,
                otherRevision,
                container,
                image.replace(ANY, otherFamily),
                cpu,
                memory,
                architecture,
                networkMode,
                compatibilities,
                taskRole,
                executionRole,
                otherEnvironment,
                stopTimeout,
                active);
    }

    /** {@code family:revision}. */
    public String name() {
        return family + ":" + revision;
    }
}
