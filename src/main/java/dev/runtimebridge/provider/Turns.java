package dev.runtimebridge.provider;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One at a time per key. A key costs memory only while somebody holds or awaits its turn.
 *
 * @param <K> what is worked on
 */
public final class Turns<K> {
    private final ConcurrentMap<K, Turn> turns = new ConcurrentHashMap<>();

    /** Work that may fail. */
    public interface Work<T> {
        T take() throws IOException;
    }

    private static final class Turn {
        private final ReentrantLock lock = new ReentrantLock();
        private int wanted;
    }

    /** Waits for the key's turn. */
    public <T> T await(K key, Work<T> work) throws IOException {
        var turn = want(key);
        try {
            turn.lock.lock();
            try {
                return work.take();
            } finally {
                turn.lock.unlock();
            }
        } finally {
            leave(key);
        }
    }

    /** Empty, and nothing done, while somebody else has the key's turn. */
    public <T> Optional<T> tryNow(K key, Work<T> work) throws IOException {
        var turn = want(key);
        try {
            if (!turn.lock.tryLock()) {
                return Optional.empty();
            }
            try {
                return Optional.of(work.take());
            } finally {
                turn.lock.unlock();
            }
        } finally {
            leave(key);
        }
    }

    /** How many keys are held or awaited. */
    int size() {
        return turns.size();
    }

    private Turn want(K key) {
        return turns.compute(
                key,
                (_, there) -> {
                    var turn = there == null ? new Turn() : there;
                    turn.wanted++;
                    return turn;
                });
    }

    private void leave(K key) {
        turns.computeIfPresent(key, (_, turn) -> --turn.wanted == 0 ? null : turn);
    }
}
