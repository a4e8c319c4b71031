package dev.runtimebridge.fleet;

import dev.runtimebridge.allocation.ImageId;
import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.Observation;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the loop knows and the database need not: calls under way, when to make the next one,
 * addresses just seen, how an image has been failing. Losing it costs a repeated call. Used by the
 * loop's thread only.
 */
final class Memory {
    private static final Duration FIRST_DELAY = Duration.ofMillis(250);
    private static final int MOST_DOUBLINGS = 7;
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(5);

    private final Map<String, Action> underWay = new HashMap<>();
    private final Map<String, Instant> notBefore = new HashMap<>();
    private final Map<String, Integer> attempts = new HashMap<>();
    private final Map<ContainerRef, Address> addresses = new HashMap<>();
    private final Map<ContainerRef, Seen> seen = new HashMap<>();
    private final Map<ContainerRef, String> callers = new HashMap<>();
    private Instant lastLook = Instant.EPOCH;
    private final Map<ImageId, Streak> streaks = new HashMap<>();

    /** How far a container that starts was, in words, and whether it was busy. */
    private record Seen(String phase, boolean busy) {}

    /**
     * Failures of one image in a row.
     *
     * @param length in how many passes
     * @param containers how many did not come up
     */
    record Streak(int length, int containers, Instant last, Cause why) {
        /** Whether more have failed than are on their way: a few always fail among many. */
        boolean prevails(int coming) {
            return containers >= coming;
        }
    }

    /** Whether the call may be made now. */
    boolean due(Action action, Instant now) {
        var earliest = notBefore.get(action.name());
        return (earliest == null || !earliest.isAfter(now)) && !underWay(action.name());
    }

    boolean underWay(String name) {
        return underWay.containsKey(name);
    }

    /** Whether agents are being asked whether they are up. */
    boolean asksAgents() {
        return underWay.values().stream().anyMatch(Action.Ping.class::isInstance);
    }

    void begin(Action action) {
        underWay.put(action.name(), action);
    }

    void finished(String name) {
        underWay.remove(name);
    }

    /** The call may be made again after a while. */
    void pause(String name, Instant until) {
        notBefore.put(name, until);
    }

    /**
     * The call may be made again after a while that doubles from time to time. Returns how often it
     * failed.
     */
    int backOff(String name, Instant now) {
        int failures = attempts.merge(name, 1, Integer::sum);
        notBefore.put(name, now.plus(delay(failures)));
        return failures;
    }

    /** The call is to be made as soon as it is no longer under way. */
    void hurry(String name) {
        notBefore.remove(name);
    }

    /** Whether the container has been looked at since it started. */
    boolean hasSeen(ContainerRef ref) {
        return seen.containsKey(ref);
    }

    /** Whether the container was busy when it was last looked at. */
    boolean busy(ContainerRef ref) {
        var last = seen.get(ref);
        return last != null && last.busy;
    }

    /** How far the container was when it was last looked at, in words. */
    Optional<String> phase(ContainerRef ref) {
        return Optional.ofNullable(seen.get(ref)).map(Seen::phase);
    }

    /** Those that start were looked at. */
    void looked(Instant now) {
        lastLook = now;
    }

    Instant lastLook() {
        return lastLook;
    }

    void see(ContainerRef ref, Observation observation) {
        switch (observation) {
            case Observation.Pending(var phase, var busy) -> seen.put(ref, new Seen(phase, busy));
            case Observation.Reachable(var address, var busy) -> {
                seen.put(ref, new Seen("it has the address " + address.ip(), busy));
                addresses.put(ref, address);
            }
            case Observation.Leaving(var why) -> seen.put(ref, new Seen(why.detail(), false));
            case Observation.Gone(var why) -> seen.put(ref, new Seen(why.detail(), false));
        }
    }

    Optional<Address> address(ContainerRef ref) {
        return Optional.ofNullable(addresses.get(ref));
    }

    /** An agent has called home from this address, numeric; whether it is its own is not said. */
    void calledHome(ContainerRef ref, String ip) {
        callers.put(ref, ip);
    }

    /** Whether the container's agent has called home from the address that the provider tells. */
    boolean calledHome(ContainerRef ref) {
        var address = addresses.get(ref);
        return address != null && address.ip().equals(callers.get(ref));
    }

    /**
     * Drops what concerns calls that will not be made again and containers that are no longer
     * starting.
     */
    void keepOnly(Set<String> calls, Set<ContainerRef> starting) {
        notBefore.keySet().retainAll(calls);
        attempts.keySet().retainAll(calls);
        addresses.keySet().retainAll(starting);
        seen.keySet().retainAll(starting);
        callers.keySet().retainAll(starting);
    }

    void failed(ImageId image, Pass.Failure failure, Instant now) {
        var before = streak(image, now);
        streaks.put(
                image,
                new Streak(
                        before.map(Streak::length).orElse(0) + 1,
                        before.map(Streak::containers).orElse(0) + failure.containers(),
                        now,
                        failure.why()));
    }

    void succeeded(ImageId image) {
        streaks.remove(image);
    }

    /** How the image has been failing; old failures say nothing about the next start. */
    Optional<Streak> streak(ImageId image, Instant now) {
        return Optional.ofNullable(streaks.get(image))
                .filter(streak -> streak.last().plus(FORGOTTEN_AFTER).isAfter(now));
    }

    /** Whether an image that has been failing may be tried again. */
    boolean mayStart(ImageId image, int coming, Instant now) {
        var streak = streaks.get(image);
        return streak == null
                || !streak.prevails(coming)
                || !streak.last().plus(delay(streak.length())).isAfter(now);
    }

    private static Duration delay(int failures) {
        return FIRST_DELAY.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
    }
}
