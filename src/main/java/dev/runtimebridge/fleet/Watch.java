package dev.runtimebridge.fleet;

import dev.runtimebridge.allocation.ContainerId;
import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.ContainerRef;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Follows containers that start, from the first look at them to their agents' first answer. Nothing
 * of that has to be written down, so it goes on between passes and without the database: every
 * answer leads to the next question at once. Hints come from any thread; the rest is for the
 * loop's.
 */
final class Watch {
    private static final int MOST_CALLERS = 10_000;

    /** Looks become rarer with age: what takes a minute is not asked for every second. */
    private static final int LOOKS_PER_AGE = 4;

    private final Memory memory;
    private final Duration lookEvery;
    private final Duration firstLook;
    private final Consumer<ContainerRef> suspect;
    private final Set<ContainerRef> hints = ConcurrentHashMap.newKeySet();
    private final Map<ContainerRef, String> callers = new ConcurrentHashMap<>();

    private Map<ContainerRef, Container> starting = Map.of();
    private boolean hurried;

    /**
     * @param lookEvery the least time between two looks that nobody hinted at
     * @param firstLook the age of a container at which a look can first tell its address
     * @param suspect told which container the next look must not answer for from memory
     */
    Watch(Memory memory, Duration lookEvery, Duration firstLook, Consumer<ContainerRef> suspect) {
        this.suspect = suspect;
        this.memory = memory;
        this.lookEvery = lookEvery;
        this.firstLook = firstLook;
    }

    /** Something may have happened to a container, whatever its state. */
    void hint(ContainerRef ref) {
        hints.add(ref);
    }

    /** An agent says that it is up. Returns whether there was room to note it. */
    boolean calledHome(ContainerRef ref, String ip) {
        return callers.size() < MOST_CALLERS && callers.put(ref, ip) == null;
    }

    /** From now on these are the ones that start. */
    void follow(List<Container> all) {
        starting =
                all.stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        c -> c.ref().orElseThrow(), Function.identity()));
    }

    Set<ContainerRef> followed() {
        return starting.keySet();
    }

    /** Takes what was heard of those that start in; returns the hints about others. */
    Set<ContainerRef> hear() {
        var heard = Set.copyOf(hints);
        hints.removeAll(heard);
        var called = Map.copyOf(callers);
        callers.keySet().removeAll(called.keySet());
        called.forEach(this::hearCaller);
        var others = new HashSet<ContainerRef>();
        for (var ref : heard) {
            var container = starting.get(ref);
            if (container == null) {
                others.add(ref);
            } else {
                hurried = true;
                memory.hurry(Action.Ping.name(container.id()));
            }
        }
        return others;
    }

    /** Believed only of a container that starts, and only from its own address. */
    private void hearCaller(ContainerRef ref, String ip) {
        var container = starting.get(ref);
        if (container == null) {
            return;
        }
        memory.calledHome(ref, ip);
        if (memory.address(ref).isEmpty()) {
            suspect.accept(ref);
            hurried = true;
        } else if (memory.calledHome(ref)) {
            memory.hurry(Action.Ping.name(container.id()));
        }
    }

    /** All questions there are; which of them are to be asked now is {@link #due}'s to say. */
    List<Action> questions() {
        var questions = new ArrayList<Action>();
        if (!starting.isEmpty()) {
            questions.add(new Action.Observe(Action.Observe.STARTING, starting.keySet()));
        }
        starting.forEach(
                (ref, container) ->
                        memory.address(ref)
                                .map(at -> ping(container.id(), ref, at))
                                .ifPresent(questions::add));
        return questions;
    }

    private Action ping(ContainerId id, ContainerRef ref, Address at) {
        return new Action.Ping(id, ref, at, memory.calledHome(ref));
    }

    boolean due(Action question, Instant now) {
        return memory.due(question, now)
                && (!(question instanceof Action.Observe) || hurried || !now.isBefore(nextLook()));
    }

    /** The question is being asked. */
    void asked(Action question) {
        if (question instanceof Action.Observe) {
            hurried = false;
        }
    }

    /**
     * One look tells of all of them, so it is due when it is for any; hardly ever for those whose
     * address is known: their agents are asked themselves.
     */
    private Instant nextLook() {
        var last = memory.lastLook();
        var next = Instant.MAX;
        for (var container : starting.values()) {
            var since = container.startedAt().orElse(container.requestedAt());
            var ref = container.ref().orElseThrow();
            var wanted =
                    memory.hasSeen(ref)
                            ? last.plus(pause(Duration.between(since, last)))
                            : since.plus(firstLook);
            next = wanted.isBefore(next) ? wanted : next;
        }
        return firstLook.isZero() || next.isAfter(last.plus(lookEvery))
                ? next
                : last.plus(lookEvery);
    }

    private Duration pause(Duration age) {
        var part = age.dividedBy(LOOKS_PER_AGE);
        return part.compareTo(lookEvery) > 0 ? part : lookEvery;
    }
}
