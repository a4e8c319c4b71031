package dev.runtimebridge.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.runtimebridge.emulator.script.Scenario;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.SqsException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** The queue of "ECS Task State Change" events as the real SDK sees it. */
class EventQueueTest {
    private static final JsonMapper JSON = new JsonMapper();
    private final EmulatedAws aws =
            new EmulatedAws(
                    Scenario.usual()
                            .with("events: {queue: changes, delay: 100ms, repeated: 0, lost: 0}"));
    private SqsClient sqs;
    private String queue;

    @BeforeEach
    void connect() {
        sqs = aws.client(SqsClient.builder()).build();
        queue = sqs.getQueueUrl(it -> it.queueName("changes")).queueUrl();
    }

    @AfterEach
    void stop() {
        aws.close();
    }

    @Test
    void everyChangeOfATaskIsAnEventWithItsVersion() throws Exception {
        var arn = start();
        aws.pass("5s");

        var details = new ArrayList<JsonNode>();
        for (var message : receive(10)) {
            details.add(JSON.readTree(message.body()).path("detail"));
        }

        assertThat(details.stream().map(it -> it.path("lastStatus").asText()))
                .contains("PROVISIONING", "PENDING", "ACTIVATING", "RUNNING");
        assertThat(details.stream().map(it -> it.path("version").asLong())).doesNotHaveDuplicates();
        assertThat(details)
                .allSatisfy(it -> assertThat(it.path("taskArn").asText()).isEqualTo(arn));
    }

    @Test
    void aMessageIsHiddenWhileItIsInFlightAndComesAgain() {
        start();
        aws.pass("0.2s");
        var first = receive(1).getFirst();

        assertThat(receive(1)).isEmpty();
        aws.pass("30s");
        var again = receive(10).stream().map(Message::messageId).toList();

        assertThat(again).contains(first.messageId());
    }

    @Test
    void aDeletedMessageDoesNotComeAgain() {
        start();
        aws.pass("0.2s");
        var message = receive(1).getFirst();

        sqs.deleteMessageBatch(
                it ->
                        it.queueUrl(queue)
                                .entries(
                                        DeleteMessageBatchRequestEntry.builder()
                                                .id("0")
                                                .receiptHandle(message.receiptHandle())
                                                .build()));
        aws.pass("31s");

        assertThat(receive(10).stream().map(Message::messageId))
                .isNotEmpty()
                .doesNotContain(message.messageId());
    }

    @Test
    void eventsCanComeTwiceWithTheSameId() throws Exception {
        aws.emulator.script().change(now -> now.with("events: {repeated: 1}"));
        start();
        aws.pass("0.2s");

        var messages = receive(10);

        assertThat(messages).hasSize(2);
        assertThat(JSON.readTree(messages.getFirst().body()).path("id"))
                .isEqualTo(JSON.readTree(messages.getLast().body()).path("id"));
    }

    @Test
    void aLongPollEndsWithTheFirstMessage() {
        var polled =
                CompletableFuture.supplyAsync(
                        () ->
                                sqs.receiveMessage(it -> it.queueUrl(queue).waitTimeSeconds(20))
                                        .messages());
        start();

        while (!polled.isDone()) {
            aws.pass("0.01s");
            Thread.onSpinWait();
        }

        assertThat(polled.join()).hasSize(1);
    }

    @Test
    void whatIsOutOfBoundsIsRefused() {
        assertThatThrownBy(() -> receive(11)).isInstanceOf(SqsException.class);
        assertThatThrownBy(
                        () ->
                                sqs.deleteMessageBatch(
                                        it ->
                                                it.queueUrl(queue)
                                                        .entries(
                                                                IntStream.range(0, 11)
                                                                        .mapToObj(
                                                                                n ->
                                                                                        DeleteMessageBatchRequestEntry
                                                                                                .builder()
                                                                                                .id(
                                                                                                        "m"
                                                                                                                + n)
                                                                                                .receiptHandle(
                                                                                                        "h.1")
                                                                                                .build())
                                                                        .toList())))
                .hasMessageContaining("10");
        assertThatThrownBy(() -> sqs.receiveMessage(it -> it.queueUrl(queue + "s")))
                .isInstanceOf(QueueDoesNotExistException.class);
    }

    private String start() {
        return aws.ecs().runTask(EmulatedAws.run(_ -> {})).tasks().getFirst().taskArn();
    }

    private List<Message> receive(int most) {
        return sqs.receiveMessage(it -> it.queueUrl(queue).maxNumberOfMessages(most)).messages();
    }
}
