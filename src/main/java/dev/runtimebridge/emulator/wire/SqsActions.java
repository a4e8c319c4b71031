package dev.runtimebridge.emulator.wire;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.runtimebridge.emulator.region.AwsException;
import dev.runtimebridge.emulator.region.EventQueue;
import dev.runtimebridge.emulator.region.Region;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;

/**
 * The actions of SQS that are emulated, on the one queue of events. Source: the SQS API reference,
 * action by action; the event's form: "Amazon ECS task state change events" of the ECS developer
 * guide.
 */
final class SqsActions implements JsonActions {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MOST_AT_ONCE = 10;
    private static final int LONGEST_WAIT_SECONDS = 20;
    private static final int LONGEST_HIDING_SECONDS = 43_200;
    private static final int USUAL_HIDING_SECONDS = 30;

    private final Region region;
    private final TaskJson tasks;

    SqsActions(Region region, TaskJson tasks) {
        this.region = region;
        this.tasks = tasks;
    }

    @Override
    public String service() {
        return "sqs";
    }

    @Override
    public String version() {
        return "1.0";
    }

    @Override
    public String namespace() {
        return "com.amazonaws.sqs#";
    }

    /** Standard queues have nearly no limit. */
    @Override
    public boolean admits(String action) {
        return true;
    }

    @Override
    public ObjectNode answer(String action, Members request) {
        return switch (action) {
            case "GetQueueUrl" -> queueUrl(request);
            case "GetQueueAttributes" -> attributes(request);
            case "ReceiveMessage" -> receive(request);
            case "DeleteMessage" -> delete(request);
            case "DeleteMessageBatch" -> deleteBatch(request);
            default ->
                    throw AwsException.client(
                            "UnknownOperationException", "sqs:" + action + " is not emulated");
        };
    }

    private ObjectNode queueUrl(Members request) {
        var name = request.text("QueueName");
        if (name.isEmpty() || !name.equals(name())) {
            throw noQueue();
        }
        return NODES.objectNode()
                .put(
                        "QueueUrl",
                        "https://sqs.%s.amazonaws.com/%s/%s"
                                .formatted(
                                        region.scenario().region(),
                                        region.scenario().account(),
                                        name));
    }

    private ObjectNode attributes(Members request) {
        queue(request);
        var answer = NODES.objectNode();
        var attributes = answer.putObject("Attributes");
        region.events().sizes().forEach((name, size) -> attributes.put(name, Long.toString(size)));
        attributes.put(
                "QueueArn",
                "arn:aws:sqs:%s:%s:%s"
                        .formatted(
                                region.scenario().region(), region.scenario().account(), name()));
        attributes.put("VisibilityTimeout", Integer.toString(USUAL_HIDING_SECONDS));
        return answer;
    }

    private ObjectNode receive(Members request) {
        queue(request);
        int most = within(request.number("MaxNumberOfMessages"), 1, 1, MOST_AT_ONCE);
        int wait = within(request.number("WaitTimeSeconds"), 0, 0, LONGEST_WAIT_SECONDS);
        int hidden =
                within(
                        request.number("VisibilityTimeout"),
                        USUAL_HIDING_SECONDS,
                        0,
                        LONGEST_HIDING_SECONDS);
        var answer = NODES.objectNode();
        var messages = answer.putArray("Messages");
        for (var message : received(most, hidden, wait)) {
            var body = body(message).toString();
            var json = messages.addObject();
            json.put("MessageId", message.id());
            json.put("ReceiptHandle", message.handle());
            json.put("MD5OfBody", md5(body));
            json.put("Body", body);
            json.putObject("Attributes")
                    .put("ApproximateReceiveCount", Integer.toString(message.received()))
                    .put("SentTimestamp", Long.toString(message.when().toEpochMilli()));
        }
        return answer;
    }

    private List<EventQueue.Message> received(int most, int hidden, int wait) {
        try {
            return region.events()
                    .receive(most, Duration.ofSeconds(hidden), Duration.ofSeconds(wait));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    private ObjectNode body(EventQueue.Message message) {
        var json = NODES.objectNode();
        json.put("version", "0");
        json.put("id", message.event());
        json.put("detail-type", "ECS Task State Change");
        json.put("source", "aws.ecs");
        json.put("account", region.scenario().account());
        json.put("time", message.when().toString());
        json.put("region", region.scenario().region());
        json.putArray("resources").add(message.task().arn());
        var detail = tasks.of(message.task(), message.state(), TaskJson.Times.ISO, false);
        detail.remove("tags");
        detail.put("updatedAt", message.when().toString());
        json.set("detail", detail);
        return json;
    }

    private ObjectNode delete(Members request) {
        queue(request);
        if (!region.events().delete(request.text("ReceiptHandle"))) {
            throw badHandle(request.text("ReceiptHandle"));
        }
        return NODES.objectNode();
    }

    private ObjectNode deleteBatch(Members request) {
        queue(request);
        var entries = request.objects("Entries");
        if (entries.isEmpty()) {
            throw error("EmptyBatchRequest", "There should be at least one entry.");
        }
        if (entries.size() > MOST_AT_ONCE) {
            throw error(
                    "TooManyEntriesInBatchRequest",
                    "Maximum number of entries per request are 10.");
        }
        var answer = NODES.objectNode();
        var well = answer.putArray("Successful");
        var failed = answer.putArray("Failed");
        var ids = new HashSet<String>();
        for (var entry : entries) {
            var id = entry.text("Id");
            if (!ids.add(id)) {
                throw error("BatchEntryIdsNotDistinct", "Id " + id + " repeated.");
            }
            if (region.events().delete(entry.text("ReceiptHandle"))) {
                well.addObject().put("Id", id);
            } else {
                failed.addObject()
                        .put("Id", id)
                        .put("SenderFault", true)
                        .put("Code", "ReceiptHandleIsInvalid");
            }
        }
        return answer;
    }

    private void queue(Members request) {
        var url = request.text("QueueUrl");
        if (name().isEmpty() || !url.endsWith("/" + region.scenario().account() + "/" + name())) {
            throw noQueue();
        }
    }

    private String name() {
        return region.scenario().events().queue();
    }

    private static int within(OptionalInt given, int otherwise, int least, int most) {
        int value = given.orElse(otherwise);
        if (value < least || value > most) {
            throw error(
                    "InvalidParameterValue",
                    "Value %d for parameter is invalid. Reason: Must be between %d and %d, if provided."
                            .formatted(value, least, most));
        }
        return value;
    }

    private static AwsException noQueue() {
        return error("QueueDoesNotExist", "The specified queue does not exist.");
    }

    private static AwsException badHandle(String handle) {
        return error(
                "ReceiptHandleIsInvalid",
                "The input receipt handle \"" + handle + "\" is not a valid receipt handle.");
    }

    private static AwsException error(String code, String message) {
        return AwsException.client(code, message);
    }

    /** The SDK compares it with what it received. */
    private static String md5(String body) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("MD5")
                                    .digest(body.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
