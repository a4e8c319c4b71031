package dev.runtimebridge.emulator;

import dev.runtimebridge.emulator.region.EmulatedClock;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Emulated time that stands still until a test moves it; events run on the test's thread, in order.
 */
public final class ManualClock implements EmulatedClock {
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparing(Event::when).thenComparing(Event::number));
    private Instant now = Instant.parse("2026-01-01T12:00:00Z");
    private long scheduled;

    private record Event(Instant when, long number, Runnable what) {}

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public synchronized void at(Instant when, Runnable event) {
        events.add(new Event(when, scheduled++, event));
    }

    @Override
    public void beside(Runnable work) {
        work.run();
    }

    /** Moves the time itself: whoever waits in a test has nobody else to do it. */
    @Override
    public void pause(Duration time) {
        pass(time);
    }

    /** Lets so much time pass, and everything happen that is due in it. */
    public void pass(Duration time) {
        var end = instant().plus(time);
        for (var next = due(end); next != null; next = due(end)) {
            next.what.run();
        }
        synchronized (this) {
            now = end;
        }
    }

    private synchronized Event due(Instant end) {
        if (events.isEmpty() || events.peek().when.isAfter(end)) {
            return null;
        }
        var next = events.poll();
        now = next.when.isAfter(now) ? next.when : now;
        return next;
    }
}
