package dev.runtimeagent.limits;

import dev.runtimeagent.bridge.Limit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Tells the bridge when a program was ended because memory had run out, or none could be started
 * because there were too many, so that the owner hears why. Looks at two small files now and then:
 * the older of the kernel's interfaces has no event that Java could wait for.
 */
public final class LimitWatch implements AutoCloseable {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

    /** Whoever runs into a limit does so often. */
    private static final Duration BETWEEN_REPORTS = Duration.ofMinutes(1);

    private final Counters counters;
    private final Told bridge;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<Limit, Last> told = new EnumMap<>(Limit.class);

    private record Last(long count, long atNanos) {}

    /** Who is told that a limit was reached so many times; says whether they heard. */
    @FunctionalInterface
    public interface Told {
        boolean reached(Limit limit, long times);
    }

    /**
     * Begins to look.
     *
     * @param cgroup where the container has its own control group
     */
    public LimitWatch(Path cgroup, Told bridge) {
        this.counters = new Counters(cgroup);
        this.bridge = bridge;
        Thread.ofVirtual().name("limits").start(this::watch);
    }

    private void watch() {
        try {
            while (!closed.await(BETWEEN_LOOKS.toNanos(), TimeUnit.NANOSECONDS)) {
                for (var limit : Limit.values()) {
                    look(limit);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What an agent before this one told is told again: the kernel counts for the container. */
    private void look(Limit limit) {
        var count = counters.of(limit);
        var last = told.get(limit);
        var now = System.nanoTime();
        if (last == null
                ? count > 0
                : count > last.count && now - last.atNanos > BETWEEN_REPORTS.toNanos()) {
            if (heard(limit, count - (last == null ? 0 : last.count))) {
                told.put(limit, new Last(count, now));
            }
        }
    }

    private boolean heard(Limit limit, long times) {
        try {
            return bridge.reached(limit, times);
        } catch (OutOfMemoryError e) {
            return false; // as the JVM calls it when a thread cannot be started, either
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
