package dev.runtimebridge.provider.fargate;

import dev.runtimebridge.provider.Address;
import dev.runtimebridge.provider.Cause;
import dev.runtimebridge.provider.Cause.Kind;
import dev.runtimebridge.provider.ContainerRef;
import dev.runtimebridge.provider.Observation;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of our tasks, and which are worth a look now. Answers are never older than {@link
 * LookTimes} has it; whoever asks more often costs AWS nothing. Safe for many threads, and nobody
 * waits in it.
 */
final class TaskWatch {
    /** DescribeTasks takes no more; from the ECS API reference. */
    static final int MOST_PER_CALL = 100;

    private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(1);
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(10);

    private final InstantSource clock;
    private final LookTimes times;
    private final int port;
    private final boolean publicly;
    private final Duration unseen;
    private final Map<ContainerRef, Entry> entries = new HashMap<>();
    private Instant lastCall = Instant.MIN;
    private Instant lastAddressCall = Instant.MIN;
    private Instant lastCleared = Instant.MIN;

    private static final class Entry {
        private final ContainerRef ref;
        private final Instant since;
        private Instant askedAt;
        private Instant lookAt;
        private boolean urgent;
        private boolean underWay;
        private boolean missing;
        private @Nullable Sighting seen;
        private @Nullable String publicIp;

        Entry(ContainerRef ref, Instant since, Instant lookAt) {
            this.ref = ref;
            this.since = since;
            this.askedAt = since;
            this.lookAt = lookAt;
        }

        boolean over() {
            return seen != null && seen.end() != null;
        }
    }

    /**
     * @param port where agents listen
     * @param publicly whether agents are reached at public addresses
     * @param unseen how long AWS may not know a task that it has accepted
     */
    TaskWatch(InstantSource clock, LookTimes times, int port, boolean publicly, Duration unseen) {
        this.clock = clock;
        this.times = times;
        this.port = port;
        this.publicly = publicly;
        this.unseen = unseen;
    }

    /** AWS has just accepted the task. */
    synchronized void started(ContainerRef ref, Sighting seen) {
        var now = clock.instant();
        var entry =
                entries.computeIfAbsent(ref, _ -> new Entry(ref, now, now.plus(LookTimes.FIRST)));
        if (seen.atLeastAsNewAs(entry.seen)) {
            entry.seen = seen;
        }
    }

    /** The next look at this task does not wait. */
    synchronized void suspect(ContainerRef ref) {
        var entry = entries.get(ref);
        if (entry != null && !entry.over()) {
            entry.urgent = true;
            entry.lookAt = clock.instant();
        }
    }

    /** The task was told to stop, or is not there. */
    synchronized void stopped(ContainerRef ref, Cause why) {
        var now = clock.instant();
        var entry = entries.computeIfAbsent(ref, _ -> new Entry(ref, now, now));
        if (!entry.over()) {
            entry.seen =
                    entry.seen == null
                            ? new Sighting(0, "STOPPED", null, null, null, false, false, null, why)
                            : entry.seen.ended(why);
        }
    }

    /**
     * Which of these to ask AWS about now, together; whoever gets a list has to come back with
     * {@link #saw} or {@link #failed}. Empty when what is known is fresh enough.
     */
    synchronized List<ContainerRef> due(Collection<ContainerRef> refs) {
        var now = clock.instant();
        forget(now);
        var due = new ArrayList<Entry>();
        var soon = new ArrayList<Entry>();
        for (var ref : refs) {
            var entry = entries.computeIfAbsent(ref, _ -> new Entry(ref, now, now));
            entry.askedAt = now;
            if (entry.underWay || entry.over()) {
                continue;
            }
            if (!entry.lookAt.isAfter(now)) {
                due.add(entry);
            } else if (!entry.lookAt.isAfter(now.plus(LookTimes.BETWEEN_CALLS))) {
                soon.add(entry);
            }
        }
        if (due.isEmpty() || mayWait(due, now)) {
            return List.of();
        }
        fill(due, soon);
        due.forEach(entry -> entry.underWay = true);
        lastCall = now;
        return due.stream().map(entry -> entry.ref).toList();
    }

    private boolean mayWait(List<Entry> due, Instant now) {
        return due.size() < MOST_PER_CALL
                && lastCall.plus(LookTimes.BETWEEN_CALLS).isAfter(now)
                && due.stream().noneMatch(entry -> entry.urgent);
    }

    /** What would be due soon comes along where a call has room for it. */
    private static void fill(List<Entry> due, List<Entry> soon) {
        int room = Math.floorMod(-due.size(), MOST_PER_CALL);
        soon.sort(Comparator.comparing(entry -> entry.lookAt));
        due.addAll(soon.subList(0, Math.min(room, soon.size())));
    }

    /** What AWS said; whom it does not mention it does not know. */
    synchronized void saw(Collection<ContainerRef> asked, Map<ContainerRef, Sighting> seen) {
        var now = clock.instant();
        for (var ref : asked) {
            var entry = entries.get(ref);
            if (entry == null) {
                continue;
            }
            entry.underWay = false;
            entry.urgent = false;
            var news = seen.get(ref);
            entry.missing = news == null;
            if (news != null && news.atLeastAsNewAs(entry.seen) && !entry.over()) {
                entry.seen = news;
            }
            entry.lookAt =
                    entry.seen == null
                            ? now.plus(LookTimes.BETWEEN_CALLS)
                            : times.next(entry.seen, now, entries.size());
        }
    }

    /** AWS did not say anything. */
    synchronized void failed(Collection<ContainerRef> asked) {
        var again = clock.instant().plus(AFTER_A_FAILURE);
        for (var ref : asked) {
            var entry = entries.get(ref);
            if (entry != null) {
                entry.underWay = false;
                entry.lookAt = again;
            }
        }
    }

    /**
     * An event that came by itself.
     *
     * @return whether it says anything new of a task that is watched
     */
    synchronized boolean heard(ContainerRef ref, Sighting news) {
        var entry = entries.get(ref);
        if (entry == null || entry.over() || news.version() <= version(entry)) {
            return false;
        }
        entry.seen = news;
        entry.missing = false;
        var now = clock.instant();
        entry.lookAt = times.next(news, now, entries.size());
        return true;
    }

    private static long version(Entry entry) {
        return entry.seen == null ? -1 : entry.seen.version();
    }

    /**
     * The interfaces of these tasks whose public addresses are to be asked for now; empty when they
     * were asked for a moment ago.
     */
    synchronized Map<ContainerRef, String> withoutPublicAddress(Collection<ContainerRef> refs) {
        var wanted = new HashMap<ContainerRef, String>();
        var now = clock.instant();
        if (publicly && !lastAddressCall.plus(LookTimes.BETWEEN_CALLS).isAfter(now)) {
            for (var ref : refs) {
                var entry = entries.get(ref);
                if (entry != null && !entry.over() && entry.publicIp == null) {
                    var at = entry.seen == null ? null : entry.seen.networkInterface();
                    if (at != null) {
                        wanted.put(ref, at);
                        lastAddressCall = now;
                    }
                }
            }
        }
        return wanted;
    }

    synchronized void foundPublicAddress(ContainerRef ref, String ip) {
        var entry = entries.get(ref);
        if (entry != null) {
            entry.publicIp = ip;
        }
    }

    /** What is known of the task, and where it started. */
    synchronized Optional<Sighting> sighting(ContainerRef ref) {
        return Optional.ofNullable(entries.get(ref)).map(entry -> entry.seen);
    }

    /** What to say of a task that somebody asks about. */
    synchronized Observation observation(ContainerRef ref) {
        var entry = entries.get(ref);
        if (entry == null) {
            return new Observation.Pending("not looked at yet");
        }
        var seen = entry.seen;
        var end = seen == null ? null : seen.end();
        if (end != null) {
            return new Observation.Gone(end);
        }
        if (entry.missing && !young(entry)) {
            return new Observation.Gone(
                    new Cause(Kind.LOST, "AWS no longer knows the task " + ref)
                            .hint("it ended more than an hour ago, or never was in this cluster"));
        }
        if (seen == null) {
            return new Observation.Pending("AWS does not show it yet");
        }
        if (seen.notice() != null) {
            return new Observation.Leaving(seen.notice());
        }
        var ip = publicly ? entry.publicIp : seen.address();
        if (ip != null) {
            return new Observation.Reachable(new Address(ip, port), seen.pulling());
        }
        return new Observation.Pending(phase(seen), seen.pulling());
    }

    private String phase(Sighting seen) {
        return publicly && seen.networkInterface() != null
                ? seen.status() + ", without a public address"
                : seen.status();
    }

    private boolean young(Entry entry) {
        return entry.since.plus(unseen).isAfter(clock.instant());
    }

    /** Whom nobody asks about any more. */
    private void forget(Instant now) {
        if (lastCleared.plus(FORGOTTEN_AFTER.dividedBy(10)).isAfter(now)) {
            return;
        }
        lastCleared = now;
        entries.values()
                .removeIf(e -> !e.underWay && e.askedAt.plus(FORGOTTEN_AFTER).isBefore(now));
    }
}
