package dev.runtimebridge.provider.fargate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.runtimebridge.provider.ContainerRef;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.NetworkInterface;
import software.amazon.awssdk.services.ecs.model.Task;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Reads EventBridge's "ECS Task State Change" events. Their detail is a task as DescribeTasks has
 * it, but for times, which are ISO 8601, and interfaces, which are called {@code eni}. Source:
 * "Amazon ECS task state change events" of the developer guide.
 */
final class TaskEvents {
    private static final String TASK_CHANGED = "ECS Task State Change";
    private static final String INTERFACE = "eni";

    private final JsonMapper json = new JsonMapper();
    private final String mark;

    /** What happened to one task of ours. */
    record Event(ContainerRef ref, Sighting seen) {}

    /**
     * @param mark what {@code startedBy} of our tasks says
     */
    TaskEvents(String mark) {
        this.mark = mark;
    }

    /** The event, if it is one of ours; anything else in the queue is nobody's. */
    Optional<Event> read(String message) {
        JsonNode event;
        try {
            event = json.readTree(message);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
        var detail = event.path("detail");
        var arn = detail.path("taskArn").asText("");
        if (!event.path("detail-type").asText("").equals(TASK_CHANGED)
                || !detail.path("startedBy").asText("").equals(mark)
                || arn.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Event(new ContainerRef(arn), Sightings.of(task(detail))));
    }

    private static Task task(JsonNode detail) {
        return Task.builder()
                .version(detail.path("version").asLong())
                .lastStatus(text(detail, "lastStatus"))
                .desiredStatus(text(detail, "desiredStatus"))
                .capacityProviderName(text(detail, "capacityProviderName"))
                .stopCode(text(detail, "stopCode"))
                .stoppedReason(text(detail, "stoppedReason"))
                .pullStartedAt(time(detail, "pullStartedAt"))
                .pullStoppedAt(time(detail, "pullStoppedAt"))
                .attachments(elements(detail, "attachments").map(TaskEvents::attachment).toList())
                .containers(elements(detail, "containers").map(TaskEvents::container).toList())
                .build();
    }

    private static Attachment attachment(JsonNode node) {
        var type = node.path("type").asText("");
        return Attachment.builder()
                .type(type.equals(INTERFACE) ? Sightings.INTERFACE : type)
                .details(
                        elements(node, "details")
                                .map(
                                        pair ->
                                                KeyValuePair.builder()
                                                        .name(pair.path("name").asText())
                                                        .value(pair.path("value").asText())
                                                        .build())
                                .toList())
                .build();
    }

    private static Container container(JsonNode node) {
        return Container.builder()
                .reason(text(node, "reason"))
                .exitCode(node.hasNonNull("exitCode") ? node.path("exitCode").asInt() : null)
                .networkInterfaces(
                        elements(node, "networkInterfaces")
                                .map(
                                        at ->
                                                NetworkInterface.builder()
                                                        .privateIpv4Address(
                                                                text(at, "privateIpv4Address"))
                                                        .build())
                                .toList())
                .build();
    }

    private static Stream<JsonNode> elements(JsonNode node, String name) {
        return StreamSupport.stream(node.path(name).spliterator(), false);
    }

    private static @Nullable String text(JsonNode node, String name) {
        return node.hasNonNull(name) ? node.path(name).asText() : null;
    }

    private static @Nullable Instant time(JsonNode node, String name) {
        try {
            return node.hasNonNull(name) ? Instant.parse(node.path(name).asText()) : null;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
