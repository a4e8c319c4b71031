package dev.runtimebridge.fleet;

import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.Observation;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/**
 * The answers to the loop's calls, from their arrival until what follows from them is written. One
 * that cannot be written whatever is tried is found by taking them one at a time, and dropped, so
 * that it holds up nobody else.
 */
final class Answers {
    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
    private static final int MOST_INIT_ATTEMPTS = 3;

    private final Memory memory;
    private final InstantSource clock;
    private final Duration pingEvery;
    private final ConcurrentLinkedQueue<Reply> arrived = new ConcurrentLinkedQueue<>();
    private final List<Outcome> unwritten = new ArrayList<>();
    private boolean oneByOne;

    private record Reply(Action action, Outcome outcome) {}

    Answers(Memory memory, InstantSource clock, Duration pingEvery) {
        this.memory = memory;
        this.clock = clock;
        this.pingEvery = pingEvery;
    }

    /** From any thread. Returns whether it is worth a pass now. */
    boolean arrive(Action action, Outcome outcome) {
        arrived.add(new Reply(action, outcome));
        return !(action instanceof Action.Ping && outcome instanceof Outcome.Again);
    }

    /** Tells memory what has arrived, and returns what has to be written next. */
    List<Outcome> take() {
        for (var reply = arrived.poll(); reply != null; reply = arrived.poll()) {
            memory.finished(reply.action().name());
            learn(reply.action(), reply.outcome());
        }
        return List.copyOf(
                oneByOne ? unwritten.subList(0, Math.min(1, unwritten.size())) : unwritten);
    }

    /** What was taken is written down. Returns whether more is waiting. */
    boolean written(List<Outcome> taken) {
        unwritten.subList(0, taken.size()).clear();
        oneByOne = oneByOne && !unwritten.isEmpty();
        return !unwritten.isEmpty();
    }

    /** What was taken cannot be written, and not because the database is away. */
    void refused(List<Outcome> taken) {
        if (taken.size() == 1) {
            LOG.error("dropped an answer that cannot be written down: {}", taken.getFirst());
            unwritten.removeFirst();
        }
        oneByOne = !unwritten.isEmpty();
    }

    private void learn(Action action, Outcome outcome) {
        switch (outcome) {
            case Outcome.Again(var why) -> again(action, why);
            case Outcome.Observed observed -> {
                if (action.name().equals(Action.Observe.STARTING)) {
                    observed.seen().forEach(memory::see);
                    memory.looked(clock.instant());
                }
                ends(observed).ifPresent(unwritten::add);
            }
            case Outcome.Answered answered -> {
                // Until that is written down there is no need to ask again.
                memory.pause(action.name(), clock.instant().plus(pingEvery));
                unwritten.add(answered);
            }
            default -> unwritten.add(outcome);
        }
    }

    /** Only the end of a container has to be written down, and that it comes. */
    private static Optional<Outcome> ends(Outcome.Observed observed) {
        var ends =
                observed.seen().entrySet().stream()
                        .filter(entry -> ends(entry.getValue()))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        return ends.isEmpty() ? Optional.empty() : Optional.of(new Outcome.Observed(ends));
    }

    private static boolean ends(Observation seen) {
        return switch (seen) {
            case Observation.Gone _, Observation.Leaving _ -> true;
            case Observation.Pending _, Observation.Reachable _ -> false;
        };
    }

    private void again(Action action, Cause why) {
        switch (action) {
            case Action.Ping ping -> memory.pause(ping.name(), clock.instant().plus(pingEvery));
            case Action.Init init -> {
                if (memory.backOff(init.name(), clock.instant()) >= MOST_INIT_ATTEMPTS) {
                    unwritten.add(Dispatcher.refused(init, why));
                }
            }
            case Action.Start start -> {
                repeat(start, why);
                unwritten.add(new Outcome.StartTroubled(start.batch().key(), why));
            }
            case Action.Stop stop -> repeat(stop, why);
            case Action.Observe observe -> repeat(observe, why);
        }
    }

    private void repeat(Action action, Cause why) {
        int failures = memory.backOff(action.name(), clock.instant());
        LOG.warn("{} failed {} times and is tried again: {}", action.name(), failures, why.text());
    }
}
