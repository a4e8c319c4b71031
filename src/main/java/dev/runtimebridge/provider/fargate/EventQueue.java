package dev.runtimebridge.provider.fargate;

import dev.runtimebridge.provider.ProviderException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Takes messages from a queue for as long as somebody is interested in them: all bridges share the
 * queue, and only the one that runs the loops should empty it. A message is deleted once it was
 * told of, so that one that is lost on the way comes again.
 */
final class EventQueue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventQueue.class);
    private static final int MOST_PER_CALL = 10;
    private static final Duration WITHOUT_INTEREST = Duration.ofSeconds(1);
    private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(10);

    private final AwsClients clients;
    private final AwsCalls calls;
    private final String url;
    private final BooleanSupplier interested;
    private final Consumer<String> told;
    private final Semaphore closed = new Semaphore(0);
    private final Thread thread;

    EventQueue(
            AwsClients clients,
            AwsCalls calls,
            URI url,
            BooleanSupplier interested,
            Consumer<String> told) {
        this.clients = clients;
        this.calls = calls;
        this.url = url.toString();
        this.interested = interested;
        this.told = told;
        this.thread = Thread.ofVirtual().name("task events").start(this::run);
    }

    private void run() {
        try {
            var pause = Duration.ZERO;
            while (!closed.tryAcquire(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                pause = interested.getAsBoolean() ? take() : WITHOUT_INTEREST;
            }
        } catch (InterruptedException e) {
            LOG.debug("no more task events are taken");
        }
    }

    /** Returns how long to wait before the next time. */
    private Duration take() {
        try {
            var messages = receive().messages();
            if (!messages.isEmpty()) {
                messages.forEach(message -> told.accept(message.body()));
                delete(messages);
            }
            return Duration.ZERO;
        } catch (ProviderException e) {
            LOG.warn("no task events, tasks are only looked at: {}", e.why().text());
            return AFTER_A_FAILURE;
        } catch (RuntimeException e) {
            LOG.error("a task event could not be dealt with", e);
            return AFTER_A_FAILURE;
        }
    }

    private ReceiveMessageResponse receive() {
        int wait = (int) AwsClients.LONGEST_WAIT_FOR_MESSAGES.toSeconds();
        return calls.call(
                AwsAction.RECEIVE_MESSAGE,
                () ->
                        clients.sqs()
                                .receiveMessage(
                                        r ->
                                                r.queueUrl(url)
                                                        .maxNumberOfMessages(MOST_PER_CALL)
                                                        .waitTimeSeconds(wait)));
    }

    private void delete(List<Message> messages) {
        var entries =
                IntStream.range(0, messages.size())
                        .mapToObj(
                                i ->
                                        DeleteMessageBatchRequestEntry.builder()
                                                .id(Integer.toString(i))
                                                .receiptHandle(messages.get(i).receiptHandle())
                                                .build())
                        .toList();
        calls.call(
                AwsAction.DELETE_MESSAGE,
                () -> clients.sqs().deleteMessageBatch(r -> r.queueUrl(url).entries(entries)));
    }

    @Override
    public void close() {
        closed.release();
        thread.interrupt();
    }
}
