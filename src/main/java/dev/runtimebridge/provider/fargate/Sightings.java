package dev.runtimebridge.provider.fargate;

import dev.runtimebridge.provider.fargate.FargateSettings.Capacity;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.Task;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads AWS's descriptions of tasks. Fields as in the ECS API reference, Task. */
final class Sightings {
    static final String INTERFACE = "ElasticNetworkInterface";
    private static final String STOPPED = "STOPPED";
    private static final String RUNNING = "RUNNING";
    private static final String SPOT_PROVIDER = "FARGATE_SPOT";

    /** Where a task's containers still run although it is to stop. */
    private static final Set<String> UNTIL_KILLED = Set.of(RUNNING, "DEACTIVATING", "STOPPING");

    private Sightings() {}

    static Sighting of(Task task) {
        var last = orEmpty(task.lastStatus());
        boolean over = STOPPED.equals(last) || STOPPED.equals(task.desiredStatus());
        boolean runsOn = over && UNTIL_KILLED.contains(last) && Diagnosis.isNotice(stopCode(task));
        return new Sighting(
                task.version() == null ? 0 : task.version(),
                last.intern(),
                address(task),
                detail(task, "networkInterfaceId"),
                place(task),
                !over && task.pullStartedAt() != null && task.pullStoppedAt() == null,
                RUNNING.equals(last),
                runsOn ? Diagnosis.notice(orEmpty(task.stoppedReason())) : null,
                over && !runsOn
                        ? Diagnosis.ended(
                                stopCode(task), orEmpty(task.stoppedReason()), containers(task))
                        : null);
    }

    private static String stopCode(Task task) {
        return orEmpty(task.stopCodeAsString());
    }

    /** From the interface's details, or from a container where only that has it. */
    private static @Nullable String address(Task task) {
        var attached = detail(task, "privateIPv4Address");
        return attached != null
                ? attached
                : task.containers().stream()
                        .flatMap(container -> container.networkInterfaces().stream())
                        .map(at -> orEmpty(at.privateIpv4Address()))
                        .filter(ip -> !ip.isEmpty())
                        .findFirst()
                        .orElse(null);
    }

    private static @Nullable String detail(Task task, String name) {
        return interfaces(task)
                .filter(detail -> name.equals(detail.name()))
                .map(detail -> orEmpty(detail.value()))
                .filter(value -> !value.isEmpty())
                .findFirst()
                .orElse(null);
    }

    private static Stream<KeyValuePair> interfaces(Task task) {
        return task.attachments().stream()
                .filter(attachment -> INTERFACE.equals(attachment.type()))
                .map(Attachment::details)
                .flatMap(List::stream);
    }

    private static @Nullable Place place(Task task) {
        var subnet = detail(task, "subnetId");
        if (subnet == null) {
            return null;
        }
        boolean spot = SPOT_PROVIDER.equals(task.capacityProviderName());
        return new Place(spot ? Capacity.SPOT : Capacity.ON_DEMAND, subnet.intern());
    }

    private static String containers(Task task) {
        return task.containers().stream()
                .map(Sightings::end)
                .filter(end -> !end.isEmpty())
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static String end(Container container) {
        var reason = orEmpty(container.reason());
        var exit = container.exitCode() == null ? "" : "exit code " + container.exitCode();
        return reason.isEmpty() || exit.isEmpty() ? reason + exit : reason + ", " + exit;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
