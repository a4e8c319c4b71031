package dev.runtimeagent.forward;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Connections that shares let in: each ends soon after its share does. The gateway asks the bridge
 * before a connection begins; while it is open nobody does but this.
 */
public final class Guests {
    /** How often it is looked whether shares still let anybody in. */
    public static final Duration LOOK_EVERY = Duration.ofSeconds(3);

    /** How long a bridge that gives no answer is put up with. */
    public static final Duration LONGEST_WITHOUT_ANSWER = Duration.ofSeconds(30);

    private final Supplier<Optional<Set<String>>> validShares;
    private final Duration lookEvery;
    private final Duration longestWithoutAnswer;
    private final Set<Guest> open = new HashSet<>();
    private boolean looking;

    /** Identity matters: two guests of one share are two. */
    private static final class Guest {
        final String share;
        final Runnable end;

        Guest(String share, Runnable end) {
            this.share = share;
            this.end = end;
        }
    }

    /**
     * @param validShares asks for those of this container that let somebody in; absent without an
     *     answer
     */
    public Guests(
            Supplier<Optional<Set<String>>> validShares,
            Duration lookEvery,
            Duration longestWithoutAnswer) {
        this.validShares = validShares;
        this.lookEvery = lookEvery;
        this.longestWithoutAnswer = longestWithoutAnswer;
    }

    /**
     * Carries a connection until it is over.
     *
     * @param end makes {@code connection} return
     */
    void carry(String share, Runnable end, Runnable connection) {
        var guest = new Guest(share, end);
        enter(guest);
        try {
            connection.run();
        } finally {
            leave(guest);
        }
    }

    private synchronized void enter(Guest guest) {
        open.add(guest);
        if (!looking) {
            looking = true;
            Thread.ofVirtual().name("guests").start(this::look);
        }
    }

    private synchronized void leave(Guest guest) {
        open.remove(guest);
    }

    /** While there are guests. */
    private void look() {
        long answered = System.nanoTime();
        while (anybodyThere()) {
            try {
                Thread.sleep(lookEvery);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            long asked = System.nanoTime();
            var valid = validShares.get();
            if (valid.isPresent()) {
                answered = asked;
                endAllBut(valid.get());
            } else if (System.nanoTime() - answered > longestWithoutAnswer.toNanos()) {
                endAllBut(Set.of());
            }
        }
    }

    private synchronized boolean anybodyThere() {
        looking = !open.isEmpty();
        return looking;
    }

    private void endAllBut(Set<String> valid) {
        List<Guest> over;
        synchronized (this) {
            over = open.stream().filter(guest -> !valid.contains(guest.share)).toList();
        }
        over.forEach(guest -> guest.end.run());
    }
}
