package dev.runtimebridge.emulator.region;

import dev.runtimebridge.emulator.script.Script;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The SQS queue that EventBridge sends "ECS Task State Change" events to: at least once, in no
 * order. Source: "Amazon SQS standard queues" and "visibility timeout" of the SQS developer guide.
 */
public final class EventQueue {
    private final EmulatedClock clock;
    private final Script script;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition sooner = lock.newCondition();
    private final TreeSet<Message> waiting =
            new TreeSet<>(Comparator.comparing(Message::visibleFrom).thenComparing(Message::id));
    private final Map<String, Message> byId = new HashMap<>();

    EventQueue(EmulatedClock clock, Script script) {
        this.clock = clock;
        this.script = script;
    }

    /**
     * An event in the queue.
     *
     * @param id of the message
     * @param event the same for repetitions
     * @param state of the task, as it was then
     * @param received how often
     */
    public record Message(
            String id,
            String event,
            Task task,
            TaskState state,
            Instant when,
            Instant visibleFrom,
            int received) {

        /** Changes with each receipt, as SQS has it. */
        public String handle() {
            return id + "." + received;
        }

        private Message hiddenUntil(Instant until) {
            return new Message(id, event, task, state, when, until, received + 1);
        }
    }

    /** A change of a task becomes an event, unless there is no queue. */
    void heard(Task task) {
        var events = script.scenario().events();
        if (events.queue().isEmpty() || script.happens(now -> now.events().lost())) {
            return;
        }
        var event = UUID.randomUUID().toString();
        send(task, event);
        if (script.happens(now -> now.events().repeated())) {
            send(task, event);
        }
    }

    /**
     * Takes messages out for a while; waits for the first.
     *
     * @param most how many at most
     * @param hidden how long others do not see them
     * @param patience how long to wait, in emulated time
     */
    public List<Message> receive(int most, Duration hidden, Duration patience)
            throws InterruptedException {
        var until = clock.instant().plus(patience);
        clock.at(until, this::wake);
        lock.lockInterruptibly();
        try {
            while (true) {
                var now = clock.instant();
                var taken = take(most, now, now.plus(hidden));
                if (!taken.isEmpty() || !now.isBefore(until)) {
                    return taken;
                }
                sooner.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Deletes what a receipt handle stands for; what is deleted already is no error.
     *
     * @return whether it was a handle at all
     */
    public boolean delete(String handle) {
        int dot = handle.lastIndexOf('.');
        if (dot < 0) {
            return false;
        }
        lock.lock();
        try {
            var message = byId.remove(handle.substring(0, dot));
            if (message != null) {
                waiting.remove(message);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** How many messages could be received now, and how many are in flight. */
    public Map<String, Long> sizes() {
        lock.lock();
        try {
            var now = clock.instant();
            long visible = waiting.stream().filter(each -> !each.visibleFrom.isAfter(now)).count();
            return Map.of(
                    "ApproximateNumberOfMessages",
                    visible,
                    "ApproximateNumberOfMessagesNotVisible",
                    waiting.size() - visible);
        } finally {
            lock.unlock();
        }
    }

    private List<Message> take(int most, Instant now, Instant until) {
        var taken = new ArrayList<Message>();
        while (taken.size() < most
                && !waiting.isEmpty()
                && !waiting.first().visibleFrom.isAfter(now)) {
            var message = waiting.removeFirst().hiddenUntil(until);
            byId.put(message.id, message);
            taken.add(message);
        }
        waiting.addAll(taken);
        if (!taken.isEmpty()) {
            clock.at(until, this::wake);
        }
        return taken;
    }

    private void send(Task task, String event) {
        var delay = script.draw(scenario -> scenario.events().delay());
        if (delay.isEmpty()) {
            return;
        }
        var now = clock.instant();
        var message =
                new Message(
                        UUID.randomUUID().toString(),
                        event,
                        task,
                        task.state(),
                        now,
                        now.plus(delay.get()),
                        0);
        lock.lock();
        try {
            waiting.add(message);
            byId.put(message.id, message);
        } finally {
            lock.unlock();
        }
        clock.at(message.visibleFrom, this::wake);
    }

    private void wake() {
        lock.lock();
        try {
            sooner.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
